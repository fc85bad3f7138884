import type { EventLog, LogRecord } from '@opensqt/event-log';
import type { EpochMs, EventType } from '@opensqt/trading-events';

/** Records that are read at once on the way back. */
const WINDOW = 2_000;

const RECORDS_FOR_THE_TIME = 1_000;
/** Records before one among which its cause is looked for. */
export const REACH = 20_000;

/** The record at a position; undefined where the log has none. */
export async function recordAt(log: EventLog, position: number): Promise<LogRecord | undefined> {
  if (position < 1) return undefined;
  for await (const [record] of log.read({ from: position, to: position })) return record;
  return undefined;
}

/**
 * The first position whose record is not before that time; one beyond the end where all are. Times of a log rise but for what is late, so
 * that it is found in a few reads.
 */
export async function positionAt(log: EventLog, time: EpochMs, end: number): Promise<number> {
  let [low, high] = [1, end + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const record = await recordAt(log, middle);
    if (record !== undefined && record.event.occurredAt >= time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Reads the records up to a position, the newest first, a window at a time. */
export async function* backwards(
  log: EventLog,
  {
    to,
    from = 1,
    types,
  }: { readonly to: number; readonly from?: number; readonly types?: readonly EventType[] },
): AsyncGenerator<readonly LogRecord[]> {
  for (let end = to; end >= from; end -= WINDOW) {
    const window: LogRecord[] = [];
    const part = {
      from: Math.max(from, end - WINDOW + 1),
      to: end,
      ...(types === undefined ? {} : { types }),
    };
    for await (const records of log.read(part)) window.push(...records);
    yield window.reverse();
  }
}

/** The record of that id among the {@link REACH} ones before a position. */
export async function findBefore(log: EventLog, id: string, before: number): Promise<LogRecord | undefined> {
  const from = Math.max(1, before - REACH);
  for await (const window of backwards(log, { from, to: before - 1 })) {
    const found = window.find(({ event }) => event.id === id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The latest time that an event of the log's bot was stamped with, among the last ones up to a position: one that is late does not turn it back. */
export async function latestTime(log: EventLog, to: number): Promise<EpochMs | undefined> {
  let latest: EpochMs | undefined;
  for await (const records of log.read({ from: Math.max(1, to - RECORDS_FOR_THE_TIME + 1), to }))
    for (const { bot, event } of records)
      if (bot === log.bot) latest = Math.max(latest ?? 0, event.occurredAt);
  return latest;
}
