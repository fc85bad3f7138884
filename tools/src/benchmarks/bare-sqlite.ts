import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import type { AnyEvent } from '@opensqt/trading-events';

/**
 * Milliseconds that SQLite takes for each commit in this thread, which waits for the disk: of every event the JSON under its
 * position and its unique id, `batch` in a transaction, and nothing else. It is the least that making events durable can be.
 */
export function bareCommits(path: string, events: readonly AnyEvent[], batch: number): readonly number[] {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = wal; PRAGMA synchronous = FULL;
    CREATE TABLE events (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, event TEXT NOT NULL)`);
  const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?)');
  const times: number[] = [];
  for (let first = 0; first < events.length; first += batch) {
    const startedAt = performance.now();
    database.exec('BEGIN IMMEDIATE');
    events.slice(first, first + batch).forEach((event, index) => {
      insert.run(first + index + 1, event.id, JSON.stringify(event));
    });
    database.exec('COMMIT');
    times.push(performance.now() - startedAt);
  }
  database.close();
  return times;
}
