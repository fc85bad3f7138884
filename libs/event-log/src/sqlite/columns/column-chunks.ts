import type { Fact } from '@opensqt/trading-events';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { type FactRow, decodeFacts, encodeFacts } from './fact-columns';

/** Events in a chunk: enough for dictionaries to pay, few enough that making one holds up the writer for some 5 ms at most. */
export const CHUNK_EVENTS = 2_048;

interface ChunkRow {
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

  constructor(private readonly database: DatabaseSync) {}

  /** The facts from that position up to `to` or the end of its chunk; undefined when no sound chunk has them. */
  read(from: number, to: number): readonly Fact[] | undefined {
    const row = this.prepared()?.at.get(from) as ChunkRow | undefined;
    if (row === undefined || row.last < from || crc32(row.columns) !== row.checksum) return undefined;
    const facts = decodeFacts(row.columns);
    if (facts?.length !== row.last - row.first + 1) return undefined;
    return from === row.first && to >= row.last ? facts : facts.slice(from - row.first, to - row.first + 1);
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
    this.covered ??= Math.max(
      Number(this.one('SELECT max(last) FROM column_chunks') ?? 0),
      Number(this.one('SELECT min(position) FROM events') ?? 1) - 1,
    );
    const end = Number(this.one('SELECT max(position) FROM events') ?? 0);
    if (end - this.covered < Math.max(least, CHUNK_EVENTS)) return false;
    this.cover(this.covered + 1, this.covered + CHUNK_EVENTS);
    this.covered += CHUNK_EVENTS;
    return true;
  }

  /** Drops all chunks. They are made again from the events, one with each {@link coverNext}. */
  clear(): void {
    this.database.exec('DELETE FROM column_chunks');
    this.covered = undefined;
  }

  private cover(first: number, last: number): void {
    const select = this.database.prepare(
      'SELECT type, version, occurred_at AS occurredAt, data FROM events WHERE position BETWEEN ? AND ? ORDER BY position',
    );
    const columns = encodeFacts(select.all(first, last) as unknown as readonly FactRow[]);
    this.database
      .prepare('INSERT INTO column_chunks VALUES (?, ?, ?, ?)')
      .run(first, last, crc32(columns), columns);
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
