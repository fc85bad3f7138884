import { Inject, Injectable, Logger } from '@nestjs/common';
import { type EventLog, EventLogError, type Lease } from '@opensqt/event-log';
import { EVENT_LOG } from '../intake/event-recorder';
import { AlertDecider } from './alert-decider';
import { AlertLedger } from './alert-ledger';
import { Dispatcher } from './delivery/dispatcher';

const LEASE = 'alerts';

/**
 * Who decides and sends: of all processes on one log the one that holds a lease. The others follow what it records, and one of
 * them takes over when it ends or is not heard of any more.
 */
@Injectable()
export class AlertDuty {
  private readonly logger = new Logger('Alerts');
  private readonly stopping = new AbortController();
  private patienceMs = 0;
  private running: Promise<void> | undefined;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly ledger: AlertLedger,
    private readonly decider: AlertDecider,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** Whether this process is the one that decides and sends. */
  get isHeld(): boolean {
    return this.ledger.isLeading;
  }

  /** Begins to stand by. Resolves when alerts can be asked for: at once where others may be on duty, and when on duty where not. */
  async start(): Promise<void> {
    let begun = (): void => undefined;
    const first = new Promise<void>((resolve) => (begun = resolve));
    this.running = this.serve(begun).catch((error: unknown) => {
      if (!this.stopping.signal.aborted)
        this.logger.error(`Alerts have stopped: ${String(error)}. Restart the process.`);
      begun();
    });
    if (!this.log.shared) await first;
  }

  /** Ends it: decides on what is committed, sends what can be sent at once for at most so long, and lets another take over. */
  async stop(patienceMs: number): Promise<void> {
    this.patienceMs = patienceMs;
    this.stopping.abort();
    await this.running;
  }

  private async serve(begun: () => void): Promise<void> {
    let warned = false;
    const onError = (error: unknown): void => {
      if (!warned)
        this.logger.warn(`The log could not be asked who sends alerts; it is asked again: ${String(error)}`);
      warned = true;
    };
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const lease = await this.log.lease(LEASE, { signal, onError });
      if (this.log.shared)
        this.logger.log('This process decides and sends the alerts of all that share the log.');
      try {
        await this.hold(lease, begun);
      } finally {
        this.ledger.standBy();
        await lease.release().catch(() => undefined); // one that was lost records nothing more
      }
    }
  }

  private async hold(lease: Lease, begun: () => void): Promise<void> {
    try {
      await this.ledger.lead(lease);
      await this.decider.start();
      await this.dispatcher.start();
      begun();
      await aborted(lease.lost, this.stopping.signal);
    } catch (error) {
      if (!lease.lost.aborted) throw error;
    }
    if (lease.lost.aborted) {
      await Promise.all([this.dispatcher.stop(0), this.decider.abandon()]);
      this.logger.warn(`This process sends no alerts any more. ${reasonOf(lease.lost)}`);
    } else {
      await this.decider.stop();
      await this.dispatcher.stop(this.patienceMs);
    }
  }
}

function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals]);
  if (any.aborted) return Promise.resolve();
  return new Promise((resolve) => any.addEventListener('abort', () => resolve(), { once: true }));
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof EventLogError ? reason.message : String(reason);
}
