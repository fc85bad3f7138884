import { performance } from 'node:perf_hooks';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { TradingEvent } from '@opensqt/trading-events';

/** The least that keeping an event in SQLite can be: its JSON under its position and its unique id, nothing else. */
function openBare(path: string): { readonly database: DatabaseSync; readonly insert: StatementSync } {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = wal; PRAGMA synchronous = FULL;
    CREATE TABLE events (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, event TEXT NOT NULL)`);
  return { database, insert: database.prepare('INSERT INTO events VALUES (?, ?, ?)') };
}

/** Milliseconds that each commit of a single event takes, in this thread. */
export function fullCommits(path: string, events: readonly TradingEvent[]): readonly number[] {
  const { database, insert } = openBare(path);
  const times = events.map((event, index) => {
    const startedAt = performance.now();
    insert.run(index + 1, event.id, JSON.stringify(event));
    return performance.now() - startedAt;
  });
  database.close();
  return times;
}

/** Events per second that are stored in this thread, which waits for the disk, `batch` in a transaction. */
export function bareRate(path: string, events: readonly TradingEvent[], batch: number): number {
  const { database, insert } = openBare(path);
  const startedAt = performance.now();
  for (let first = 0; first < events.length; first += batch) {
    database.exec('BEGIN IMMEDIATE');
    events.slice(first, first + batch).forEach((event, index) => {
      insert.run(first + index + 1, event.id, JSON.stringify(event));
    });
    database.exec('COMMIT');
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  database.close();
  return events.length / seconds;
}
