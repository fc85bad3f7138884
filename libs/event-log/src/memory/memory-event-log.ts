import type { Clock, EventType } from '@opensqt/trading-events';
import type { Checkpoint, LogRecord, Snapshot } from '../event-log';
import { type IdentityOptions, type LogIdentity, identityOf } from '../engine/identity';
import { groupCommits } from '../engine/group-commit';
import {
  type CommitBatch,
  type CommitTarget,
  type Committed,
  type LogStore,
  SNAPSHOTS_KEPT,
} from '../engine/log-store';
import { StoredEventLog } from '../engine/stored-event-log';

export interface MemoryEventLogOptions extends IdentityOptions {
  /** Wall clock that commits are stamped with. @default the machine's */
  readonly clock?: Clock | undefined;
  /** Records that are kept; older ones are dropped. @default 1_000_000 */
  readonly maxRecords?: number | undefined;
  /** Events that may wait to be committed. @default 200_000 */
  readonly maxQueued?: number | undefined;
}

/**
 * A log that ends with the process. It keeps the newest records only: reading starts at the oldest that is left, and an
 * event is known to be a repeat only while the first one is kept.
 *
 * @example
 * const log = new MemoryEventLog();
 * await log.append([createEvent('symbol.stopped', { symbol: 'BTCUSDT', reason: 'operator' })]);
 * log.status().position; // 1
 */
export class MemoryEventLog extends StoredEventLog {
  constructor({ clock, maxRecords = 1_000_000, maxQueued, ...given }: MemoryEventLogOptions = {}) {
    const identity = identityOf(given);
    const store = new MemoryStore(maxRecords, identity);
    super(store, 0, { identity, writer: groupCommits(store, { clock, maxQueued }) });
  }
}

/** Records in memory: the newest `maxRecords` of them. */
export class MemoryStore implements LogStore, CommitTarget {
  readonly name = 'The event log in memory';
  private readonly records = new Map<number, LogRecord>();
  private readonly ids = new Set<string>();
  private readonly checkpoints = new Map<string, number>();
  private readonly kept = new Map<string, readonly Snapshot[]>();
  private position = 0;

  constructor(
    private readonly maxRecords: number,
    private readonly identity: LogIdentity,
  ) {}

  commit({ events, checkpoints, committedAt }: CommitBatch): Committed {
    const repeats: number[] = [];
    events.forEach(({ event }, index) => {
      if (this.ids.has(event.id)) {
        repeats.push(index);
        return;
      }
      this.position += 1;
      this.ids.add(event.id);
      this.records.set(this.position, { position: this.position, committedAt, ...this.identity, event });
      this.forget(this.position - this.maxRecords);
    });
    for (const checkpoint of checkpoints) this.move(checkpoint);
    return { position: this.position, repeats };
  }

  lastPosition(): number {
    return this.position;
  }

  read(from: number, to: number, types?: readonly EventType[]): readonly LogRecord[] {
    const found: LogRecord[] = [];
    for (let position = from; position <= to; position++) {
      const record = this.records.get(position);
      if (record !== undefined && (types === undefined || types.includes(record.event.type)))
        found.push(record);
    }
    return found;
  }

  bots(): readonly string[] {
    return [this.identity.bot];
  }

  checkpoint(consumer: string): number {
    return this.checkpoints.get(consumer) ?? 0;
  }

  saveSnapshot(snapshot: Snapshot, history?: number): void {
    const all = [snapshot, ...(this.kept.get(snapshot.projection) ?? [])];
    const same = all.filter(({ version }) => version === snapshot.version);
    const firsts = new Set(
      history === undefined
        ? []
        : new Map(same.map((each) => [Math.floor(each.position / history), each])).values(),
    );
    this.kept.set(
      snapshot.projection,
      all.filter((each, index) => index < SNAPSHOTS_KEPT || firsts.has(each)),
    );
  }

  snapshots(projection: string, to: number): readonly Snapshot[] {
    const kept = this.kept.get(projection) ?? [];
    return kept.filter(({ position }) => position <= to).slice(0, SNAPSHOTS_KEPT);
  }

  close(): void {
    this.records.clear();
    this.ids.clear();
  }

  private move({ consumer, position }: Checkpoint): void {
    this.checkpoints.set(consumer, Math.max(position, this.checkpoint(consumer)));
  }

  private forget(position: number): void {
    const record = this.records.get(position);
    if (record === undefined) return;
    this.records.delete(position);
    this.ids.delete(record.event.id);
  }
}
