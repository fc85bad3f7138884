import type { Checkpoint } from '../event-log';
import type { EncodedEvent } from './log-store';

/** One call of append(), waiting to be committed. It is committed whole. */
export interface QueuedAppend {
  readonly events: readonly EncodedEvent[];
  readonly checkpoints: readonly Checkpoint[];
  /** Milliseconds on a clock that never steps. */
  readonly queuedAt: number;
  resolve(): void;
  reject(error: Error): void;
}

/** What has been handed over and is not yet on disk, in order. */
export class AppendQueue {
  private appends: QueuedAppend[] = [];
  private size = 0;
  private taken = 0;

  /** @param maxSize how many events may wait; a checkpoint on its own counts as one */
  constructor(readonly maxSize: number) {}

  /** Events waiting. */
  get depth(): number {
    return this.size;
  }

  /** The one that has waited longest. */
  get oldest(): QueuedAppend | undefined {
    return this.appends[0];
  }

  /** How many appends have left the queue since its beginning. */
  get start(): number {
    return this.taken;
  }

  /** How many appends have entered the queue since its beginning. */
  get end(): number {
    return this.taken + this.appends.length;
  }

  /** Appends in the queue. */
  get length(): number {
    return this.appends.length;
  }

  /** The append that has so many before it. */
  at(index: number): QueuedAppend | undefined {
    return this.appends[index];
  }

  add(append: QueuedAppend): void {
    this.appends.push(append);
    this.size += Math.max(1, append.events.length);
  }

  /** The first appends that together have at most `maxEvents` events; one at least, when there is one. */
  head(maxEvents: number): readonly QueuedAppend[] {
    let events = 0;
    let count = 0;
    for (const append of this.appends) {
      events += Math.max(1, append.events.length);
      if (count > 0 && events > maxEvents) break;
      count += 1;
    }
    return this.appends.slice(0, count);
  }

  /** Takes the first `count` appends out. */
  take(count: number): readonly QueuedAppend[] {
    const out = this.appends.splice(0, count);
    this.taken += out.length;
    for (const append of out) this.size -= Math.max(1, append.events.length);
    return out;
  }
}
