import { EVENT_CATALOGUE, type EventType, type Fact } from '@opensqt/trading-events';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { type EventRow, decodeRow } from '../../engine/event-codec';
import { decodeFacts, encodeFacts } from './fact-columns';

/** Events in a chunk: enough for dictionaries to pay, few enough that making one holds up the writer for some 5 ms at most. */
export const CHUNK_EVENTS = 2_048;

/** A chunk as it is stored. */
export interface ChunkRow {
  readonly first: number;
  readonly last: number;
  readonly checksum: number;
  readonly columns: Uint8Array;
}

/**
 * The facts of a log once more, in typed columns, a chunk of events in a row. They are derived: where a chunk is missing or
 * damaged, readers take the JSON, and whoever writes makes it again.
 */
export class ColumnChunks {
  private statements: { readonly at: StatementSync; readonly after: StatementSync } | undefined;

  /** Last position that has columns, once it was asked for. */
  private covered: number | undefined;

  /** @param log how messages call the log */
  constructor(
    private readonly database: DatabaseSync,
    private readonly log: string,
  ) {}

  /** The facts from that position up to `to` or the end of its chunk; undefined when no sound chunk has them. */
  read(from: number, to: number): readonly Fact[] | undefined {
    const row = this.prepared()?.at.get(from) as ChunkRow | undefined;
    if (row === undefined || row.last < from || crc32(row.columns) !== row.checksum) return undefined;
    const facts = decodeFacts(row.columns, isOfToday);
    if (facts?.length !== row.last - row.first + 1) return undefined;
    return from === row.first && to >= row.last ? facts : facts.slice(from - row.first, to - row.first + 1);
  }

  /** All chunks, in order, whatever state they are in. */
  *all(): Iterable<ChunkRow> {
    if (this.prepared() === undefined) return;
    const rows = this.database.prepare('SELECT * FROM column_chunks ORDER BY first').iterate();
    for (const row of rows) yield row as unknown as ChunkRow;
  }

  /** The facts of a chunk; undefined when it is of another format, or its events have other versions today. */
  factsOf({ columns }: ChunkRow): readonly Fact[] | undefined {
    return decodeFacts(columns, isOfToday);
  }

  /** First position of the first chunk that begins after that position. */
  firstFrom(position: number): number | undefined {
    return this.prepared()?.after.get(position)?.['first'] as number | undefined;
  }

  /**
   * Makes the chunk that follows the last one.
   *
   * @param least how many events must be without columns
   * @returns false when there are fewer
   */
  coverNext(least = CHUNK_EVENTS): boolean {
    this.covered ??= Number(this.one('SELECT max(last) FROM column_chunks') ?? 0);
    const end = Number(this.one('SELECT max(position) FROM events') ?? 0);
    if (end - this.covered < Math.max(least, CHUNK_EVENTS)) return false;
    const first = Math.max(this.covered, Number(this.one('SELECT min(position) FROM events') ?? 1) - 1) + 1;
    this.covered = first + CHUNK_EVENTS - 1;
    this.cover(first, this.covered);
    return true;
  }

  /**
   * Drops chunks that can't be used any more: their format is another one, or events have other versions today than when
   * they were made. Asked of the oldest, as they are made in order.
   */
  clearOutdated(): void {
    const oldest = this.one('SELECT columns FROM column_chunks ORDER BY first LIMIT 1');
    if (oldest instanceof Uint8Array && decodeFacts(oldest, isOfToday) === undefined) this.clear();
  }

  /** Drops all chunks. They are made again from the events, one with each {@link coverNext}. */
  clear(): void {
    this.database.exec('DELETE FROM column_chunks');
    this.covered = undefined;
  }

  /** Where rows are missing, no columns are made: readers then see that, as they do without columns. */
  private cover(first: number, last: number): void {
    const select = this.database.prepare(
      'SELECT * FROM events WHERE position BETWEEN ? AND ? ORDER BY position',
    );
    const rows = select.all(first, last) as unknown as readonly EventRow[];
    if (rows.length < last - first + 1) return;
    const columns = encodeFacts(rows.map((row) => decodeRow(row, this.log).event));
    this.withoutSync(() => {
      this.database
        .prepare('INSERT OR REPLACE INTO column_chunks VALUES (?, ?, ?, ?)')
        .run(first, last, crc32(columns), columns);
    });
  }

  /** What can be made again need not wait for the disk; the next commit of events syncs it too. */
  private withoutSync(write: () => void): void {
    const before = Number(this.one('PRAGMA synchronous'));
    this.database.exec('PRAGMA synchronous = NORMAL');
    try {
      write();
    } finally {
      this.database.exec(`PRAGMA synchronous = ${before}`);
    }
  }

  private one(query: string): unknown {
    return Object.values(this.database.prepare(query).get() ?? {})[0];
  }

  /** Undefined in a log that an older release wrote and that is only read. */
  private prepared(): { readonly at: StatementSync; readonly after: StatementSync } | undefined {
    if (this.statements !== undefined) return this.statements;
    const made = this.one("SELECT 1 FROM sqlite_schema WHERE name = 'column_chunks'");
    if (made === undefined) return undefined;
    this.statements = {
      at: this.database.prepare('SELECT * FROM column_chunks WHERE first <= ? ORDER BY first DESC LIMIT 1'),
      after: this.database.prepare('SELECT min(first) AS first FROM column_chunks WHERE first > ?'),
    };
    return this.statements;
  }
}

/** Columns hold what upcasters made of an event when they were written. */
function isOfToday(type: string, version: number): boolean {
  return Object.hasOwn(EVENT_CATALOGUE, type) && EVENT_CATALOGUE[type as EventType].version === version;
}
