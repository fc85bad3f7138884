import type { EventType } from '@opensqt/trading-events';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type EventRow, decodeRow } from '../event-codec';
import { EventLogError, type LogRecord, type Snapshot } from '../event-log';
import type { Commit, CommitBatch, LogStore } from '../log-store';
import { unreadable, writeFailed } from './sqlite-failure';
import type { WriterLock } from './writer-lock';

const SNAPSHOTS_KEPT = 2;

/** A log of the first schema that nobody has written to since has no checksums. */
type SnapshotRow = Omit<Snapshot, 'checksum'> & { readonly checksum?: string };

/** The statements on a log's tables. Everything is synchronous and in the thread that opened the database. */
export class SqliteStore implements LogStore {
  readonly name: string;
  private readonly insertEvent: StatementSync;
  private readonly moveCheckpoint: StatementSync;
  private readonly selectLast: StatementSync;
  private readonly selectRange: StatementSync;
  private readonly selectTypes: StatementSync;

  /** @param lock let go of when the store is closed */
  constructor(
    private readonly database: DatabaseSync,
    private readonly path: string,
    private readonly lock?: WriterLock,
  ) {
    this.name = `The event log ${path}`;
    this.insertEvent = database.prepare(
      'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    );
    this.moveCheckpoint = database.prepare(
      `INSERT INTO checkpoints VALUES (?, ?)
       ON CONFLICT (consumer) DO UPDATE SET position = max(position, excluded.position)`,
    );
    this.selectLast = database.prepare('SELECT max(position) AS position FROM events');
    this.selectRange = database.prepare(
      'SELECT * FROM events WHERE position BETWEEN ? AND ? ORDER BY position',
    );
    this.selectTypes = database.prepare(
      `SELECT * FROM events WHERE position BETWEEN ? AND ? AND type IN (SELECT value FROM json_each(?))
       ORDER BY position`,
    );
  }

  commit({ events, checkpoints, committedAt }: CommitBatch): Commit {
    return this.transaction(() => {
      // Asked each time: a commit that reported a failure may have reached the disk all the same.
      let position = this.lastPosition();
      const records: LogRecord[] = [];
      for (const { event, data } of events) {
        const { id, type, version, source, occurredAt, causationId = null } = event;
        const { changes } = this.insertEvent.run(
          position + 1,
          id,
          type,
          version,
          source,
          occurredAt,
          causationId,
          data,
          committedAt,
        );
        if (changes === 0) continue;
        position += 1;
        records.push({ position, committedAt, event });
      }
      for (const checkpoint of checkpoints) this.moveCheckpoint.run(checkpoint.consumer, checkpoint.position);
      return { records, position };
    });
  }

  lastPosition(): number {
    return this.reading(() => Number(this.selectLast.get()?.['position'] ?? 0));
  }

  read(from: number, to: number, types?: readonly EventType[]): readonly LogRecord[] {
    return this.reading(() => {
      const rows =
        types === undefined
          ? this.selectRange.all(from, to)
          : this.selectTypes.all(from, to, JSON.stringify(types));
      return rows.map((row) => decodeRow(row as unknown as EventRow, this.name));
    });
  }

  checkpoint(consumer: string): number {
    const select = 'SELECT position FROM checkpoints WHERE consumer = ?';
    return this.reading(() => Number(this.database.prepare(select).get(consumer)?.['position'] ?? 0));
  }

  saveSnapshot({ projection, version, position, state, checksum }: Snapshot): void {
    this.transaction(() => {
      this.database
        .prepare(
          'INSERT INTO snapshots (projection, version, position, state, checksum) VALUES (?, ?, ?, ?, ?)',
        )
        .run(projection, version, position, state, checksum);
      this.database
        .prepare(
          `DELETE FROM snapshots WHERE projection = ?1 AND sequence NOT IN
             (SELECT sequence FROM snapshots WHERE projection = ?1 ORDER BY sequence DESC LIMIT ${SNAPSHOTS_KEPT})`,
        )
        .run(projection);
    });
  }

  snapshots(projection: string): readonly Snapshot[] {
    return this.reading(() => {
      const select = 'SELECT * FROM snapshots WHERE projection = ? ORDER BY sequence DESC';
      const rows = this.database.prepare(select).all(projection);
      return rows.map((row) => snapshotOf(row as unknown as SnapshotRow));
    });
  }

  close(): void {
    this.database.close();
    this.lock?.release();
  }

  private transaction<Result>(work: () => Result): Result {
    try {
      this.database.exec('BEGIN IMMEDIATE');
      const result = work();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      this.rollBack();
      throw writeFailed(this.path, error instanceof EventLogError ? error.cause : error);
    }
  }

  /** SQLite rolls back by itself after some failures, such as a full disk. */
  private rollBack(): void {
    try {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
    } catch {
      // the failure that led here says more, and the next BEGIN tells whether this one lasts
    }
  }

  /** Runs a read; what fails in it says so of this log. */
  reading<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw error instanceof EventLogError ? error : unreadable(this.path, error);
    }
  }
}

function snapshotOf({ projection, version, position, state, checksum = '' }: SnapshotRow): Snapshot {
  return { projection, version, position, state, checksum };
}
