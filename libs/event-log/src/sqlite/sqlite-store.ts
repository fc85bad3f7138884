import type { EventType } from '@opensqt/trading-events';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type EventRow, decodeRow } from '../engine/event-codec';
import {
  type Awaitable,
  type CommitBatch,
  type CommitTarget,
  type Committed,
  type LogStore,
  SNAPSHOTS_KEPT,
} from '../engine/log-store';
import { EventLogError, type LogRecord, type LogStorage, type Snapshot } from '../event-log';
import { archiveFolderOf, locate } from './archive/archive-folder';
import { ArchivedRows } from './archive/archived-rows';
import { SqliteSegments } from './archive/sqlite-segments';
import { EventRows } from './event-rows';
import { quarantinedRows, withReplacements } from './quarantine/quarantined-rows';
import { botsOf } from './schema';
import { unreadable } from './sqlite-failure';

/** Rows that are read at a time: so few that decoding them ends before the garbage collector has to keep them. */
const BLOCK = 250;

/** A log of the first schema that nobody has written to since has no checksums. */
type SnapshotRow = Omit<Snapshot, 'checksum'> & { readonly checksum?: string };

/** The part that writes to a log's file, and maintains it: another connection, in a thread of its own. */
export interface StoreWriter {
  readonly restarts: number;
  commit(batch: CommitBatch): Awaitable<Committed>;
  saveSnapshot(snapshot: Snapshot, history?: number): Awaitable<void>;
  maintain(): Promise<LogStorage>;
  /** Lets go of the file. */
  end(): Promise<void>;
}

export interface SqliteStoreOptions {
  /** The folder where segments are looked for that are not where they were. @default `<path>.archive` */
  readonly archivePath?: string | undefined;
  /** Absent where another process writes. */
  readonly writer?: StoreWriter | undefined;
}

/** A log in a file, whose older events may be in archive segments. It is read here, and written by its writer. */
export class SqliteStore implements LogStore, CommitTarget {
  readonly name: string;
  readonly segments: SqliteSegments;
  private readonly archive: ArchivedRows;
  private readonly rows: EventRows;
  private readonly selectLast: StatementSync;
  private readonly archivePath: string;
  private firstBot: string | undefined;

  /** @param bot the bot whose checkpoints and snapshots are read */
  constructor(
    private readonly database: DatabaseSync,
    private readonly path: string,
    private readonly bot: string,
    private readonly options: SqliteStoreOptions = {},
  ) {
    this.name = `The event log ${path}`;
    this.archivePath = options.archivePath ?? archiveFolderOf(path);
    this.segments = new SqliteSegments(database, path);
    this.archive = new ArchivedRows();
    this.rows = new EventRows(database);
    this.selectLast = database.prepare('SELECT max(position) AS position FROM events');
  }

  get writerRestarts(): number {
    return this.options.writer?.restarts ?? 0;
  }

  commit(batch: CommitBatch): Awaitable<Committed> {
    return this.writer().commit(batch);
  }

  saveSnapshot(snapshot: Snapshot, history?: number): Awaitable<void> {
    return this.writer().saveSnapshot(snapshot, history);
  }

  maintain(): Promise<LogStorage> {
    return this.writer().maintain();
  }

  lastPosition(): number {
    return this.reading(() => Number(this.selectLast.get()?.['position'] ?? 0));
  }

  read(from: number, to: number, types?: readonly EventType[]): Awaitable<readonly LogRecord[]> {
    const first = this.firstLive();
    if (from < first) return this.readThrough(from, to, first, types);
    const records = this.readLive(from, to, types);
    const firstNow = this.firstLive();
    return firstNow <= from ? records : this.readThrough(from, to, firstNow, types);
  }

  bots(): readonly string[] {
    return this.reading(() => botsOf(this.database));
  }

  checkpoint(consumer: string): number {
    const select = 'SELECT position FROM checkpoints WHERE bot = ? AND consumer = ?';
    return this.reading(() =>
      Number(this.database.prepare(select).get(this.bot, consumer)?.['position'] ?? 0),
    );
  }

  snapshots(projection: string, to: number): readonly Snapshot[] {
    return this.reading(() => {
      const select = `SELECT * FROM snapshots WHERE bot = ? AND projection = ? AND position <= ?
                       ORDER BY sequence DESC LIMIT ${SNAPSHOTS_KEPT}`;
      const rows = this.database.prepare(select).all(this.bot, projection, to);
      return rows.map((row) => snapshotOf(row as unknown as SnapshotRow));
    });
  }

  async close(): Promise<void> {
    // First the connection that reads: the last one to be closed empties the write-ahead log, and this one may not.
    this.database.close();
    await this.options.writer?.end();
  }

  private writer(): StoreWriter {
    if (this.options.writer !== undefined) return this.options.writer;
    throw new EventLogError('LOG_READ_ONLY', `${this.name} was opened to be read only.`);
  }

  private firstLive(): number {
    return this.reading(() => this.segments.firstLive());
  }

  private readLive(from: number, to: number, types?: readonly EventType[]): readonly LogRecord[] {
    return this.reading(() => {
      const records: LogRecord[] = [];
      for (let first = from; first <= to; first += BLOCK) {
        const rows = this.rows.read(first, Math.min(to, first + BLOCK - 1), types);
        for (const row of rows) records.push(this.decode(row));
      }
      return records;
    });
  }

  private decode(row: EventRow): LogRecord {
    this.firstBot ??= this.bots()[0] ?? this.bot;
    return decodeRow(row, this.name, this.firstBot);
  }

  /** Archived rows, then live ones. Another process may archive meanwhile: then what was read may lack a part, and is read again. */
  private async readThrough(
    from: number,
    to: number,
    first: number,
    types: readonly EventType[] | undefined,
  ): Promise<readonly LogRecord[]> {
    const last = Math.min(to, first - 1);
    const recorded = this.segments.segments(from, last);
    const located = await Promise.all(recorded.map((segment) => locate(segment, this.archivePath)));
    const found = await this.archive.read(located, from, last, types);
    const aside = this.reading(() => quarantinedRows(this.database, from, last));
    const archived = withReplacements(found, aside, types);
    const live = to >= first ? this.readLive(first, to, types) : [];
    const firstNow = this.firstLive();
    if (firstNow > first && to >= first) return this.readThrough(from, to, firstNow, types);
    return [...archived.map((row) => this.decode(row)), ...live];
  }

  /** Runs a read; an error in it names this log. */
  private reading<Result>(work: () => Result): Result {
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
