import type { EventLog, LogRecord } from '@opensqt/event-log';

/** Reads the records of the log's bot, of all that are there from that position on. */
export async function* ownRecords(log: EventLog, from = 1): AsyncGenerator<readonly LogRecord[]> {
  for await (const records of log.read({ from })) yield records.filter(({ bot }) => bot === log.bot);
}
