import type { EventType } from '@opensqt/trading-events';
import type { Checkpoint, LogRecord, Snapshot } from '../event-log';
import type { Commit, CommitBatch, LogStore } from '../engine/log-store';

/** Records in memory: the newest `maxRecords` of them. */
export class MemoryStore implements LogStore {
  readonly name = 'The event log in memory';
  private readonly records = new Map<number, LogRecord>();
  private readonly ids = new Set<string>();
  private readonly checkpoints = new Map<string, number>();
  private readonly kept = new Map<string, readonly Snapshot[]>();
  private position = 0;

  constructor(private readonly maxRecords: number) {}

  commit({ events, checkpoints, committedAt }: CommitBatch): Commit {
    const records: LogRecord[] = [];
    for (const { event } of events) {
      if (this.ids.has(event.id)) continue;
      this.position += 1;
      const record = { position: this.position, committedAt, event };
      this.ids.add(event.id);
      this.records.set(record.position, record);
      records.push(record);
      this.forget(this.position - this.maxRecords);
    }
    for (const checkpoint of checkpoints) this.move(checkpoint);
    return { records, position: this.position };
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

  checkpoint(consumer: string): number {
    return this.checkpoints.get(consumer) ?? 0;
  }

  saveSnapshot(snapshot: Snapshot): void {
    const previous = this.snapshots(snapshot.projection).slice(0, 1);
    this.kept.set(snapshot.projection, [snapshot, ...previous]);
  }

  snapshots(projection: string): readonly Snapshot[] {
    return this.kept.get(projection) ?? [];
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
