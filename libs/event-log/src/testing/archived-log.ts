import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createEvent } from '@opensqt/trading-events';
import type { EventLog, LogRecord } from '../event-log';
import { openSqliteEventLog } from '../sqlite/open-sqlite-event-log';
import { readAll, stops } from './sample-events';

/** Fills a log with that many events; resolves with its records. */
export async function filledLog(path: string, count: number): Promise<readonly LogRecord[]> {
  const log = await openSqliteEventLog({ path });
  for (let from = 0; from < count; from += 2_000) {
    const started = createEvent('symbol.started', {
      symbol: `AT${from}`,
      exchange: 'paper',
      strategy: 'grid',
    });
    await log.append([...stops(Math.min(2_000, count - from) - 1, `FROM${from}-`), started]);
  }
  const records = await readAll(log);
  await log.close();
  return records;
}

/** Opens a log, uses it and closes it. */
export async function usingLog<Result>(
  path: string,
  use: (log: EventLog) => Promise<Result>,
  readOnly = false,
): Promise<Result> {
  const log = await openSqliteEventLog({ path, readOnly });
  try {
    return await use(log);
  } finally {
    await log.close();
  }
}

/** The files of a log's archive. */
export async function segmentFilesOf(path: string): Promise<readonly string[]> {
  const names = await readdir(`${path}.archive`);
  return names.toSorted().map((name) => join(`${path}.archive`, name));
}
