import type { EventType } from '@opensqt/trading-events';
import { ArchivedRows } from './archived-rows';
import { locate } from './archive-folder';
import { decodeRow } from '../../engine/event-codec';
import { EventLogError, type LogRecord, type LogStorage, type Snapshot } from '../../event-log';
import type { Awaitable, LogStore } from '../../engine/log-store';
import type { SqliteSegments } from './sqlite-segments';
import type { SqliteStore } from '../sqlite-store';

/** The writer of a log's file, which maintains it too: another connection, in a thread of its own. */
export interface FileWriter extends Required<Pick<LogStore, 'maintain'>> {
  saveSnapshot(snapshot: Snapshot): Promise<void>;
  /** Lets go of the file. */
  end(): Promise<void>;
}

/** A store whose older events are in archive segments: what it promises holds for both together. */
export class ArchivedStore implements LogStore {
  readonly name: string;
  private readonly archive = new ArchivedRows();

  /**
   * @param inner reads the file
   * @param folder where segments are looked for that are not where they were
   * @param writer absent where another process writes
   */
  constructor(
    private readonly inner: SqliteStore,
    private readonly segments: SqliteSegments,
    private readonly folder: string,
    private readonly writer?: FileWriter,
  ) {
    this.name = inner.name;
  }

  lastPosition(): number {
    return this.inner.lastPosition();
  }

  read(from: number, to: number, types?: readonly EventType[]): Awaitable<readonly LogRecord[]> {
    const first = this.inner.reading(() => this.segments.firstLive());
    if (from < first) return this.readThrough(from, to, first, types);
    const records = this.inner.read(from, to, types);
    const firstNow = this.inner.reading(() => this.segments.firstLive());
    return firstNow <= from ? records : this.readThrough(from, to, firstNow, types);
  }

  checkpoint(consumer: string): number {
    return this.inner.checkpoint(consumer);
  }

  async saveSnapshot(snapshot: Snapshot): Promise<void> {
    return this.fileWriter().saveSnapshot(snapshot);
  }

  snapshots(projection: string): readonly Snapshot[] {
    return this.inner.snapshots(projection);
  }

  async maintain(): Promise<LogStorage> {
    return this.fileWriter().maintain();
  }

  async close(): Promise<void> {
    // First the connection that reads: the last one to be closed empties the write-ahead log, and this one may not.
    this.inner.close();
    await this.writer?.end();
  }

  private fileWriter(): FileWriter {
    if (this.writer !== undefined) return this.writer;
    throw new EventLogError('LOG_READ_ONLY', `${this.name} was opened to be read only.`);
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
    const located = await Promise.all(recorded.map((segment) => locate(segment, this.folder)));
    const archived = await this.archive.read(located, from, last, types);
    const live = to >= first ? this.inner.read(first, to, types) : [];
    const firstNow = this.inner.reading(() => this.segments.firstLive());
    if (firstNow > first && to >= first) return this.readThrough(from, to, firstNow, types);
    return [...archived.map((row) => decodeRow(row, this.name)), ...live];
  }
}
