import { setImmediate as turn } from 'node:timers/promises';
import { backoffMs } from '../../engine/backoff';
import { type Checkpoint, EventLogError, type LogStorage } from '../../event-log';
import type { EncodedEnvelope } from '../../engine/log-store';
import { CHUNK_EVENTS } from '../columns/column-chunks';
import type { SqliteStore } from '../sqlite-store';
import type { RingConsumer } from './append-ring';
import type { WriterFailure, WriterReport, WriterRequest } from './writer-messages';

/** Events in one transaction: enough to pay for its disk sync, few enough to be acknowledged soon. */
const MAX_BATCH = 2_000;
/** How long an event may wait for others to share its disk sync. Short against the sync of most disks. */
const COMPANY_MS = 2;
/**
 * For so long after the last event the ring is looked into every {@link COMPANY_MS}. Only then the thread sleeps until it is
 * woken: waking it costs the thread that appends ten times what the append does.
 */
const WATCHFUL_MS = 100;

/** How long a close may take beyond what must be written. */
const FINISHING_MS = 500;

interface Append {
  readonly events: readonly EncodedEnvelope[];
  readonly checkpoints: readonly Checkpoint[];
}

/** What looks after a log's files. */
export interface WriterUpkeep {
  run(): Promise<LogStorage>;
  /** Ends a run early. */
  stop(): void;
}

export interface WriterLoopPorts {
  readonly store: SqliteStore;
  readonly ring: RingConsumer;
  /** The next request, if there is one. */
  readonly request: () => Exclude<WriterRequest, { kind: 'texts' }> | undefined;
  readonly report: (report: WriterReport) => void;
  /** Does a piece of work that can wait; false when there is none, or when it is not `pressing` and only that is asked for. */
  readonly background: (only?: 'pressing') => boolean;
  /** Looks after the files when it is asked to: the one thing that takes turns with the writing. */
  readonly upkeep: WriterUpkeep;
  /** Wall clock, epoch milliseconds. */
  readonly now: () => number;
}

/**
 * What the writer thread does: takes out what is in the ring, commits it, many events in a transaction, and tells. It sleeps
 * on the ring, and returns to the event loop only while it looks after the files. A transaction that fails is tried again,
 * later and later.
 */
export class WriterLoop {
  private readonly waiting: Append[] = [];
  private waitingEvents = 0;
  /** When the first of them came, at the earliest. */
  private waitingSince = 0;
  private lookedAt = 0;
  private busyAt = 0;
  /** An append whose end has not come yet. */
  private events: EncodedEnvelope[] = [];
  private checkpoints: Checkpoint[] = [];
  private urgentSeen = 0;
  private urgentDone = 0;
  private failures = 0;
  private failedAt = 0;
  private maintaining: Promise<unknown> | undefined;
  private closing = false;

  constructor(private readonly ports: WriterLoopPorts) {}

  /** Works until it is asked to close. */
  async run(): Promise<void> {
    const { ring } = this.ports;
    for (;;) {
      const { signal } = ring;
      this.urgentSeen = ring.urgent;
      this.takeRequests();
      if (this.closing) {
        await this.maintaining;
        return this.finishBackground();
      }
      this.drain();
      const delay = this.delayMs();
      if (delay === undefined) {
        this.urgentDone = this.urgentSeen;
        if (this.ports.background()) continue;
        if (this.maintaining !== undefined) await turn();
        else if (this.lookedAt - this.busyAt < WATCHFUL_MS) ring.rest(signal, COMPANY_MS);
        else ring.sleep(signal);
      } else if (delay <= 0) {
        this.commit();
        if (this.maintaining !== undefined) await turn();
      } else if (this.maintaining !== undefined) {
        await turn();
      } else {
        ring.rest(signal, delay);
      }
    }
  }

  /** What is left for the next start is what that start has to wait for. */
  private finishBackground(): void {
    const until = performance.now() + FINISHING_MS;
    while (this.ports.background() && performance.now() < until);
  }

  private drain(): void {
    const { ring, report } = this.ports;
    const lookedBefore = this.lookedAt;
    this.lookedAt = performance.now();
    for (let frame = ring.take(); frame !== undefined; frame = ring.take()) {
      if (frame.kind === 'event') this.events.push(frame.event);
      else this.checkpoints.push(frame.checkpoint);
      if (!frame.last) continue;
      if (this.waiting.length === 0) this.waitingSince = lookedBefore;
      this.busyAt = this.lookedAt;
      this.waiting.push({ events: this.events, checkpoints: this.checkpoints });
      this.waitingEvents += this.events.length;
      this.events = [];
      this.checkpoints = [];
    }
    if (ring.takeRequestForRoom()) report({ kind: 'room' });
  }

  /** Until the next transaction is due; undefined when there is nothing to write. */
  private delayMs(): number | undefined {
    if (this.waiting.length === 0) return undefined;
    if (this.urgentDone !== this.urgentSeen) return 0;
    const now = performance.now();
    if (this.failures > 0) return this.failedAt + backoffMs(this.failures) - now;
    return this.waitingEvents >= MAX_BATCH ? 0 : this.waitingSince + COMPANY_MS - now;
  }

  private commit(): void {
    const { store, report, now } = this.ports;
    const appends = this.head();
    const events = appends.flatMap((append) => append.events);
    const checkpoints = appends.flatMap((append) => append.checkpoints);
    const startedAt = performance.now();
    const committedAt = now();
    try {
      const { position, repeats } = store.append(events, checkpoints, committedAt);
      this.failures = 0;
      this.waiting.splice(0, appends.length);
      this.waitingEvents -= events.length;
      const tookMs = performance.now() - startedAt;
      report({ kind: 'committed', appends: appends.length, position, repeats, committedAt, tookMs });
      this.keepUp(events.length);
    } catch (error) {
      this.failures += 1;
      this.failedAt = performance.now();
      this.urgentDone = this.urgentSeen;
      report({ kind: 'failed', failure: failureOf(error), urgent: this.urgentSeen });
    }
  }

  /** What can wait for a quiet moment must not wait for ever: once it is pressing, as much is done as has come. */
  private keepUp(events: number): void {
    for (let left = events; left > 0; left -= CHUNK_EVENTS) {
      if (!this.ports.background('pressing')) return;
    }
  }

  /** The first appends that together have at most so many events as a transaction may; one at least. */
  private head(): readonly Append[] {
    let events = 0;
    let count = 0;
    for (const append of this.waiting) {
      events += append.events.length;
      if (count > 0 && events > MAX_BATCH) break;
      count += 1;
    }
    return this.waiting.slice(0, count);
  }

  private maintain(call: number): void {
    const { report, upkeep } = this.ports;
    this.maintaining = upkeep
      .run()
      .then(
        (storage) => report({ kind: 'maintained', call, storage }),
        (error: unknown) => report({ kind: 'answered', call, failure: failureOf(error) }),
      )
      .finally(() => (this.maintaining = undefined));
  }

  private takeRequests(): void {
    const { request, report, store } = this.ports;
    for (let asked = request(); asked !== undefined; asked = request()) {
      switch (asked.kind) {
        case 'close':
          this.closing = true;
          this.ports.upkeep.stop();
          break;
        case 'maintain':
          this.maintain(asked.call);
          break;
        case 'snapshot': {
          const { call, snapshot } = asked;
          try {
            store.saveSnapshot(snapshot);
            report({ kind: 'answered', call });
          } catch (error) {
            report({ kind: 'answered', call, failure: failureOf(error) });
          }
          break;
        }
      }
    }
  }
}

/** An error as it goes to another thread. */
export function failureOf(error: unknown): WriterFailure {
  if (error instanceof EventLogError) return { code: error.code, message: error.message };
  return { code: 'LOG_WRITE_FAILED', message: error instanceof Error ? error.message : String(error) };
}
