import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import type { TradingEvent } from '@opensqt/trading-events';

/**
 * Events per second that SQLite stores in this thread, which waits for the disk: the JSON under its position and its unique
 * id, `batch` in a transaction, and nothing else.
 */
export function bareRate(path: string, events: readonly TradingEvent[], batch: number): number {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = wal; PRAGMA synchronous = FULL;
    CREATE TABLE events (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, event TEXT NOT NULL)`);
  const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?)');
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
