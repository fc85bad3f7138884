import { Inject } from '@nestjs/common';
import { type EventLog, EventLogError } from '@opensqt/event-log';

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

  get bot(): string {
    return this.log.bot;
  }

  get writer(): string {
    return this.log.writer;
  }

  get shared(): boolean {
    return this.log.shared;
  }

  readonly admit: EventLog['admit'] = (events) =>
    this.opened === undefined ? notOpen() : this.opened.admit(events);
  readonly append: EventLog['append'] = (events, checkpoint) =>
    this.opened?.append(events, checkpoint) ?? Promise.reject(notOpen());
  readonly read: EventLog['read'] = (options) => this.log.read(options);
  readonly subscribe: EventLog['subscribe'] = (...from) => this.log.subscribe(...from);
  readonly bots: EventLog['bots'] = async () => this.log.bots();
  readonly checkpoint: EventLog['checkpoint'] = async (consumer) => this.log.checkpoint(consumer);
  readonly saveCheckpoint: EventLog['saveCheckpoint'] = async (given) => this.log.saveCheckpoint(given);
  readonly saveSnapshot: EventLog['saveSnapshot'] = async (...given) => this.log.saveSnapshot(...given);
  readonly snapshots: EventLog['snapshots'] = async (...asked) => this.log.snapshots(...asked);
  readonly lease: EventLog['lease'] = async (name, options) => this.log.lease(name, options);
  readonly status: EventLog['status'] = () => this.log.status();
  readonly flush: EventLog['flush'] = async () => this.log.flush();

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
