import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Segment } from './archived-rows';
import type { ArchivableLog } from './archiver';
import type { LiveEvents } from './retention';
import { type WrittenSegment, isSegmentName } from './segment-file';
import type { EventRow } from '../../engine/event-codec';
import { EventLogError } from '../../event-log';
import { EventRows } from '../event-rows';
import { inTransaction } from '../transaction';

/** A segment as the log has recorded it. */
export type RecordedSegment = Segment & WrittenSegment;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The statements on a log that has archived some of its events. Its paths are relative while the archive is beside the log. */
export class SqliteSegments implements ArchivableLog {
  private readonly events: EventRows;
  private known = false;
  private archived: boolean | undefined;

  constructor(
    private readonly database: DatabaseSync,
    readonly path: string,
  ) {
    this.events = new EventRows(database);
  }

  live(): LiveEvents | undefined {
    const ends = 'SELECT min(position) AS first, max(position) AS last FROM events';
    const { first, last } = this.database.prepare(ends).get() ?? {};
    if (typeof first !== 'number' || typeof last !== 'number') return undefined;
    const bytes = (this.pragma('page_count') - this.pragma('freelist_count')) * this.pragma('page_size');
    const committedBy = (time: number): number => this.committedBy(time, first, last);
    return { first, last, firstCommittedAt: this.committedAt(first), bytes, committedBy };
  }

  /** Position of the oldest event that is not archived; 1 while the log is empty. */
  firstLive(): number {
    const row = this.database.prepare('SELECT min(position) AS first FROM events').get();
    return Number(row?.['first'] ?? 1);
  }

  rows(from: number, to: number): readonly EventRow[] {
    return this.events.read(from, to);
  }

  /** The same, where rows may be damaged. */
  damagedRows(from: number, to: number): readonly EventRow[] {
    return this.events.readDamaged(from, to);
  }

  /** The recorded segments that hold any of these positions, in order. */
  segments(from = 1, to = Number.MAX_SAFE_INTEGER): readonly RecordedSegment[] {
    if (!this.hasTables()) return [];
    const select = 'SELECT * FROM segments WHERE last >= ? AND first <= ? ORDER BY first';
    return this.database
      .prepare(select)
      .all(from, to)
      .map((row) => {
        const { first, last, path, bytes, sha256 } = row as unknown as RecordedSegment;
        if (typeof path !== 'string' || !isSegmentName(basename(path), first, last))
          throw misnamed(this.path, String(path), first, last);
        const absolute = isAbsolute(path) ? path : join(dirname(this.path), path);
        return { first, last, path: absolute, bytes, sha256 };
      });
  }

  archivedThrough(): number {
    if (!this.hasTables()) return 0;
    return Number(this.database.prepare('SELECT max(last) AS last FROM segments').get()?.['last'] ?? 0);
  }

  /** True once a segment is recorded: from then on rows leave the log. */
  get hasArchived(): boolean {
    return (this.archived ??= this.archivedThrough() > 0);
  }

  /** True when an event of that id was archived. */
  holds(id: string): boolean {
    return this.database.prepare('SELECT 1 FROM archived_ids WHERE id = ?').get(packedId(id)) !== undefined;
  }

  record({ first, last, path }: Segment, { bytes, sha256 }: WrittenSegment): void {
    const inside = relative(dirname(this.path), path);
    const written = inside.startsWith('..') || isAbsolute(inside) ? path : inside;
    inTransaction(this.database, this.path, () => {
      this.database
        .prepare('INSERT INTO segments VALUES (?, ?, ?, ?, ?)')
        .run(first, last, written, bytes, sha256);
    });
    this.archived = true;
  }

  drop(through: number, limit: number): void {
    inTransaction(this.database, this.path, () => {
      const select = 'SELECT position, id FROM events WHERE position <= ? ORDER BY position LIMIT ?';
      const rows = this.database.prepare(select).all(through, limit);
      const keep = this.database.prepare('INSERT INTO archived_ids VALUES (?) ON CONFLICT (id) DO NOTHING');
      for (const { id } of rows) keep.run(packedId(String(id)));
      const last = Number(rows.at(-1)?.['position'] ?? 0);
      this.database.prepare('DELETE FROM events WHERE position <= ?').run(last);
    });
    this.database.exec('PRAGMA incremental_vacuum(100)');
  }

  private committedAt(position: number): number {
    const row = this.database.prepare('SELECT committed_at FROM events WHERE position = ?').get(position);
    return Number(row?.['committed_at'] ?? 0);
  }

  /** By halving, as commits follow one another in time; where the clock stepped back, it ends at one of the steps. */
  private committedBy(time: number, first: number, last: number): number {
    let [low, high] = [first, last + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.committedAt(middle) <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** A log of an earlier release has no archive, until a writer of this one opens it. */
  private hasTables(): boolean {
    if (this.known) return true;
    const table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'segments'";
    this.known = this.database.prepare(table).get() !== undefined;
    return this.known;
  }

  private pragma(name: string): number {
    return Number(Object.values(this.database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  }
}

function misnamed(log: string, path: string, first: number, last: number): EventLogError {
  const message = `The event log ${log} names ${JSON.stringify(path)} as its archive of positions ${first} to ${last}, which is no name of a segment: somebody has changed the log. Restore it from a backup.`;
  return new EventLogError('LOG_UNREADABLE', message);
}

/** A UUID as its 16 bytes, any other id as it is. */
function packedId(id: string): string | Uint8Array {
  return UUID.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : id;
}
