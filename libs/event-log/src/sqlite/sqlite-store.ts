import type { EventType } from '@opensqt/trading-events';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { decodeRow } from '../engine/event-codec';
import { type Checkpoint, EventLogError, type LogRecord, type Snapshot } from '../event-log';
import type { CommitBatch, CommitTarget, Committed, Envelope, LogStore } from '../engine/log-store';
import { CommitChecksum } from './commit-checksum';
import { EventRows } from './event-rows';
import { unreadable, writeFailed } from './sqlite-failure';

const SNAPSHOTS_KEPT = 2;

/** Rows that are read at a time: so few that decoding them ends before the garbage collector has to keep them. */
const BLOCK = 250;

/** A log of the first schema that nobody has written to since has no checksums. */
type SnapshotRow = Omit<Snapshot, 'checksum'> & { readonly checksum?: string };

/** The statements that read a log's tables. Everything is synchronous and in the thread that opened the database. */
export class SqliteStore implements LogStore {
  readonly name: string;
  private readonly rows: EventRows;
  private readonly selectLast: StatementSync;

  constructor(
    protected readonly database: DatabaseSync,
    protected readonly path: string,
  ) {
    this.name = `The event log ${path}`;
    this.rows = new EventRows(database);
    this.selectLast = database.prepare('SELECT max(position) AS position FROM events');
  }

  lastPosition(): number {
    return this.reading(() => Number(this.selectLast.get()?.['position'] ?? 0));
  }

  read(from: number, to: number, types?: readonly EventType[]): readonly LogRecord[] {
    return this.reading(() => {
      const records: LogRecord[] = [];
      for (let first = from; first <= to; first += BLOCK) {
        const rows = this.rows.read(first, Math.min(to, first + BLOCK - 1), types);
        for (const row of rows) records.push(decodeRow(row, this.name));
      }
      return records;
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

  /** Runs a read; an error in it names this log. */
  reading<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw error instanceof EventLogError ? error : unreadable(this.path, error);
    }
  }

  protected transaction<Result>(work: () => Result): Result {
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
}

/** The statements that write to a log's tables too. */
export class WritingSqliteStore extends SqliteStore implements CommitTarget<Envelope> {
  private readonly insertEvent: StatementSync;
  private readonly insertCommit: StatementSync;
  private readonly moveCheckpoint: StatementSync;

  /** @param isArchived judges whether an event of that id has left the table */
  constructor(
    database: DatabaseSync,
    path: string,
    private readonly isArchived: (id: string) => boolean = () => false,
  ) {
    super(database, path);
    this.insertEvent = database.prepare(
      'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    );
    this.insertCommit = database.prepare('INSERT INTO commits VALUES (?, ?, ?)');
    this.moveCheckpoint = database.prepare(
      `INSERT INTO checkpoints VALUES (?, ?)
       ON CONFLICT (consumer) DO UPDATE SET position = max(position, excluded.position)`,
    );
  }

  commit({ events, checkpoints, committedAt }: CommitBatch<Envelope>): Committed {
    return this.transaction(() => {
      // Asked each time: a commit that reported a failure may have reached the disk all the same.
      const before = this.lastPosition();
      const checksum = new CommitChecksum();
      const repeats: number[] = [];
      let position = before;
      events.forEach(({ event, data }, index) => {
        const row = rowOf(event, data, position + 1, committedAt);
        if (this.isArchived(row.id) || !this.insert(row)) {
          repeats.push(index);
          return;
        }
        checksum.add(row);
        position += 1;
      });
      if (position > before) this.insertCommit.run(before + 1, position, checksum.digest());
      for (const checkpoint of checkpoints) this.move(checkpoint);
      return { position, repeats };
    });
  }

  /** False when the log holds an event of that id. */
  private insert(row: ReturnType<typeof rowOf>): boolean {
    const { position, id, type, version, source, occurred_at, causation_id, data, committed_at } = row;
    const { changes } = this.insertEvent.run(
      position,
      id,
      type,
      version,
      source,
      occurred_at,
      causation_id,
      data,
      committed_at,
    );
    return changes !== 0;
  }

  private move({ consumer, position }: Checkpoint): void {
    this.moveCheckpoint.run(consumer, position);
  }
}

function rowOf(event: Envelope, data: string, position: number, committed_at: number) {
  const { id, type, version, source, occurredAt: occurred_at, causationId: causation_id = null } = event;
  return { position, id, type, version, source, occurred_at, causation_id, data, committed_at };
}

function snapshotOf({ projection, version, position, state, checksum = '' }: SnapshotRow): Snapshot {
  return { projection, version, position, state, checksum };
}
