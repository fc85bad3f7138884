import type { EventType } from '@opensqt/trading-events';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type EventRow, decodeRow } from '../engine/event-codec';
import { type Checkpoint, EventLogError, type FactBatch, type LogRecord, type Snapshot } from '../event-log';
import type { Commit, CommitBatch, EncodedEnvelope, LogStore } from '../engine/log-store';
import { CHUNK_EVENTS, ColumnChunks } from './columns/column-chunks';
import { unreadable, writeFailed } from './sqlite-failure';

const SNAPSHOTS_KEPT = 2;

/** What a transaction has written. */
export interface Appended {
  /** Last position of the log. */
  readonly position: number;
  /** Which of the events, counted from 0, the log held before. */
  readonly repeats: readonly number[];
}

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
  private readonly columns: ColumnChunks;

  /** @param isArchived whether an event of that id has left the table */
  constructor(
    private readonly database: DatabaseSync,
    private readonly path: string,
    private readonly isArchived: (id: string) => boolean = () => false,
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
    this.columns = new ColumnChunks(database, this.name);
  }

  commit({ events, checkpoints, committedAt }: CommitBatch): Commit {
    const { position, repeats } = this.append(events, checkpoints, committedAt);
    const known = new Set(repeats);
    const first = position - (events.length - known.size) + 1;
    const records = events
      .filter((_, index) => !known.has(index))
      .map(({ event }, index): LogRecord => ({ position: first + index, committedAt, event }));
    return { records, position };
  }

  /** Stores what is new of these events, in one transaction with the checkpoints. */
  append(
    events: readonly EncodedEnvelope[],
    checkpoints: readonly Checkpoint[],
    committedAt: number,
  ): Appended {
    return this.transaction(() => {
      // Asked each time: a commit that reported a failure may have reached the disk all the same.
      let position = this.lastPosition();
      const repeats: number[] = [];
      events.forEach(({ event, data }, index) => {
        const { id, type, version, source, occurredAt, causationId = null } = event;
        if (this.isArchived(id)) {
          repeats.push(index);
          return;
        }
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
        if (changes === 0) repeats.push(index);
        else position += 1;
      });
      for (const checkpoint of checkpoints) this.moveCheckpoint.run(checkpoint.consumer, checkpoint.position);
      return { position, repeats };
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

  readFacts(from: number, to: number): FactBatch {
    return this.reading(() => {
      const facts = this.columns.read(from, to);
      return facts === undefined ? this.factsFromJson(from, to) : { from, facts };
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
  }

  /** Up to where the columns go on or a row is missing, at most so many as are read at a time. */
  private factsFromJson(from: number, to: number): FactBatch {
    const next = this.columns.firstFrom(from) ?? Infinity;
    const last = Math.min(to, next - 1, from + CHUNK_EVENTS - 1);
    return factsOf(this.read(from, last), last);
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

/**
 * The facts of records that were read up to `last`, as far as nothing is missing between them. What is missing before them
 * is left out, as it is where records are read: whoever follows the log sees it by the positions.
 */
export function factsOf(records: readonly LogRecord[], last: number): FactBatch {
  const from = records[0]?.position ?? last + 1;
  const hole = records.findIndex(({ position }, index) => position !== from + index);
  return { from, facts: records.slice(0, hole < 0 ? undefined : hole).map(({ event }) => event) };
}

function snapshotOf({ projection, version, position, state, checksum = '' }: SnapshotRow): Snapshot {
  return { projection, version, position, state, checksum };
}
