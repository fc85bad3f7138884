import type { EventType, Fact } from '@opensqt/trading-events';
import { ArchivedRows } from '../archive/archived-rows';
import { type Archiver, locate } from '../archive/archiver';
import { decodeRow } from '../event-codec';
import type { LogRecord, LogStorage, Snapshot } from '../event-log';
import type { Awaitable, Commit, CommitBatch, LogStore } from '../log-store';
import type { SqliteSegments } from './sqlite-segments';
import type { SqliteStore } from './sqlite-store';

/** Archived records have no columns: so many of them are read as facts at a time. */
const FACTS_AT_ONCE = 4_096;

/** What looks after the files of a log that this process writes. */
export interface StoreUpkeep {
  readonly archiver: Archiver | undefined;
  /** Empties the write-ahead log when that is due; returns its size, in bytes. */
  keepWalShort(): number;
  /** Lets go of the connection that it works through. */
  close(): void;
}

/** A store whose older events are in archive segments: what it promises holds for both together. */
export class ArchivedStore implements LogStore {
  readonly name: string;
  private readonly archive = new ArchivedRows();
  private archivedThrough: number;
  private running: Promise<void> | undefined;

  /**
   * @param folder where segments are looked for that are not where they were
   * @param upkeep absent where another process writes
   */
  constructor(
    private readonly inner: SqliteStore,
    private readonly segments: SqliteSegments,
    private readonly folder: string,
    private readonly upkeep?: StoreUpkeep,
  ) {
    this.name = inner.name;
    this.archivedThrough = segments.archivedThrough();
  }

  commit(batch: CommitBatch): Commit {
    return this.inner.commit(batch);
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

  async readFacts(from: number, to: number): Promise<readonly Fact[]> {
    const first = this.inner.reading(() => this.segments.firstLive());
    if (from >= first) return this.inner.readFacts(from, to);
    const records = await this.read(from, Math.min(to, from + FACTS_AT_ONCE - 1));
    return records.map(({ event }) => event);
  }

  checkpoint(consumer: string): number {
    return this.inner.checkpoint(consumer);
  }

  saveSnapshot(snapshot: Snapshot): void {
    this.inner.saveSnapshot(snapshot);
  }

  snapshots(projection: string): readonly Snapshot[] {
    return this.inner.snapshots(projection);
  }

  async maintain(): Promise<LogStorage> {
    try {
      this.running = this.upkeep?.archiver?.run();
      await this.running;
    } finally {
      this.running = undefined;
      this.archivedThrough = this.segments.archivedThrough();
    }
    return { walBytes: this.upkeep?.keepWalShort() ?? 0, archivedThrough: this.archivedThrough };
  }

  async close(): Promise<void> {
    this.upkeep?.archiver?.stop();
    await this.running?.catch(() => undefined); // who called maintain() is told
    this.upkeep?.close();
    await this.inner.close();
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
