import { Inject } from '@nestjs/common';
import {
  type Checkpoint,
  type EventLog,
  EventLogError,
  type EventLogStatus,
  type Lease,
  type LeaseOptions,
  type LogRecord,
  type ReadOptions,
  type RecordHandler,
  type Snapshot,
  type SubscribeOptions,
  type Subscription,
} from '@opensqt/event-log';
import type { AnyEvent } from '@opensqt/trading-events';

/** Injection token of the {@link EventLog} in use. It is open from `init` on. */
export const EVENT_LOG = Symbol('EVENT_LOG');

/**
 * Injects the {@link EventLog} in use.
 *
 * @example
 * constructor(@InjectEventLog() private readonly log: EventLog) {}
 */
export const InjectEventLog = (): ReturnType<typeof Inject> => Inject(EVENT_LOG);

/**
 * A log that can be injected before it is open: an application that is only compiled touches no file. Calls before
 * {@link open} fail with `LOG_CLOSED`.
 */
export class DeferredEventLog implements EventLog {
  private opened: EventLog | undefined;

  constructor(private readonly openLog: () => Promise<EventLog>) {}

  /** @throws EventLogError (rejects) as `openEventLog` does */
  async open(): Promise<void> {
    this.opened ??= await this.openLog();
  }

  get shared(): boolean {
    return this.log.shared;
  }

  append(events: readonly AnyEvent[], checkpoint?: Checkpoint): Promise<void> {
    return this.opened?.append(events, checkpoint) ?? Promise.reject(notOpen());
  }

  read(options?: ReadOptions): AsyncIterable<readonly LogRecord[]> {
    return this.log.read(options);
  }

  subscribe(from: number, handler: RecordHandler, options?: SubscribeOptions): Subscription {
    return this.log.subscribe(from, handler, options);
  }

  async checkpoint(consumer: string): Promise<number> {
    return this.log.checkpoint(consumer);
  }

  async saveCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await this.log.saveCheckpoint(checkpoint);
  }

  async saveSnapshot(snapshot: Snapshot): Promise<void> {
    await this.log.saveSnapshot(snapshot);
  }

  async snapshots(projection: string): Promise<readonly Snapshot[]> {
    return this.log.snapshots(projection);
  }

  async lease(name: string, options?: LeaseOptions): Promise<Lease> {
    return this.log.lease(name, options);
  }

  status(): EventLogStatus {
    return this.log.status();
  }

  async flush(): Promise<void> {
    await this.log.flush();
  }

  /** Closes it; one that was never opened has nothing to close. */
  async close(): Promise<void> {
    await this.opened?.close();
  }

  private get log(): EventLog {
    if (this.opened === undefined) throw notOpen();
    return this.opened;
  }
}

function notOpen(): EventLogError {
  const message = 'The event log is not open yet: it is opened when the application is initialised.';
  return new EventLogError('LOG_CLOSED', message);
}
