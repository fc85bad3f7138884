import type { EventLog, LogRecord, ReadOptions } from '@opensqt/event-log';

/** Reads the records of the log's bot, of all that are there or of a part. */
export async function* ownRecords(
  log: EventLog,
  part: ReadOptions = {},
): AsyncGenerator<readonly LogRecord[]> {
  for await (const records of log.read(part)) yield records.filter(({ bot }) => bot === log.bot);
}
