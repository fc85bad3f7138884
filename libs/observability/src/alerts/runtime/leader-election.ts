import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EventLog, Lease } from '@opensqt/event-log';
import { messageOf } from '../../format/format';
import { EVENT_LOG } from '../../ingest/event-log';
import { AlertDecider } from './alert-decider';
import { AlertLedger } from '../store/alert-ledger';
import { Dispatcher } from '../delivery/dispatcher';

const LEASE = 'alerts';
/** Before a lease is asked for again with which nothing could be begun; a log that is away is asked less and less often besides. */
const RETAKE_PAUSE_MS = 1_000;

/** This process's part in the alerts. */
export type LeaderStatus =
  | { readonly role: 'starting' }
  | { readonly role: 'leader' }
  | {
      readonly role: 'standby';
      readonly holder?: string | undefined;
      readonly problem?: string | undefined;
    }
  | { readonly role: 'ended'; readonly reason: string };

/**
 * Elects the leader, which decides and sends: of all processes of one bot the one that holds a lease. The others are standbys that
 * fold what it records, and one of them takes over when it ends or its lease expires.
 */
@Injectable()
export class LeaderElection {
  private readonly logger = new Logger('Alerts');
  private readonly stopping = new AbortController();
  private patienceMs = 0;
  private running: Promise<void> | undefined;
  private current: LeaderStatus = { role: 'starting' };

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly ledger: AlertLedger,
    private readonly decider: AlertDecider,
    private readonly dispatcher: Dispatcher,
  ) {}

  get status(): LeaderStatus {
    return this.current;
  }

  /** The channels whose delivery has failed unforeseen and has not worked since. */
  get failingChannels(): readonly string[] {
    return this.dispatcher.failingChannels();
  }

  /** The channels that this process has delivered through. */
  get provenChannels(): ReadonlySet<string> {
    return this.dispatcher.proven;
  }

  /** Begins as a standby. Resolves when alerts can be asked for: at once where others may lead, and as the leader where not. */
  async start(): Promise<void> {
    let begun = (): void => undefined;
    const first = new Promise<void>((resolve) => (begun = resolve));
    this.running = this.serve(begun)
      .catch((error: unknown) => {
        if (!this.stopping.signal.aborted)
          this.logger.error(`Alerts have stopped: ${String(error)}. Restart the process.`);
        this.current = { role: 'ended', reason: this.stopping.signal.aborted ? 'stopped' : String(error) };
      })
      .finally(begun);
    if (!this.log.shared) await first;
  }

  /** Ends it: decides on what is committed, sends what can be sent at once within `patienceMs`, and lets another take over. */
  async stop(patienceMs: number): Promise<void> {
    this.patienceMs = patienceMs;
    this.stopping.abort();
    await this.running;
  }

  private async serve(begun: () => void): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      if (this.current.role !== 'standby') this.standBy({});
      const lease = await this.log.lease(LEASE, {
        signal,
        onError: (error) => this.standBy({ problem: messageOf(error) }),
        onHeld: (holder) => this.standBy({ holder }),
      });
      try {
        await this.hold(lease, begun);
      } catch (error) {
        this.standBy({ problem: messageOf(error) });
      } finally {
        this.ledger.standBy();
        await lease.release().catch(() => undefined); // one that was lost records nothing more
      }
      begun();
      if (this.problem !== undefined) await delay(RETAKE_PAUSE_MS, undefined, { signal });
    }
  }

  private async hold(lease: Lease, begun: () => void): Promise<void> {
    const { signal } = this.stopping;
    try {
      const ended = await this.ledger.lead(lease);
      await this.decider.start();
      await this.dispatcher.start(lease.lost);
      this.sends();
      begun();
      await aborted(lease.lost, signal, ended);
      if (!signal.aborted) ended.throwIfAborted();
    } catch (error) {
      if (!lease.lost.aborted) throw error;
    } finally {
      if (signal.aborted && !lease.lost.aborted) {
        await this.decider.stop();
        await this.dispatcher.stop(this.patienceMs);
      } else {
        await Promise.all([this.dispatcher.stop(0), this.decider.abandon()]);
      }
    }
    if (lease.lost.aborted)
      this.logger.warn(`This process sends no alerts any more. ${messageOf(lease.lost.reason)}`);
  }

  private sends(): void {
    this.current = { role: 'leader' };
    if (this.log.shared) this.logger.log(`This process decides and sends the alerts of ${this.log.bot}.`);
  }

  private get problem(): string | undefined {
    return this.current.role === 'standby' ? this.current.problem : undefined;
  }

  private standBy(why: { readonly holder?: string; readonly problem?: string }): void {
    if (why.problem !== undefined && this.problem === undefined)
      this.logger.warn(`This process cannot lead the alerts and tries again: ${why.problem}`);
    const holder = this.current.role === 'standby' ? this.current.holder : undefined;
    if (why.holder !== undefined && why.holder !== holder)
      this.logger.log(`Alerts are decided and sent by ${why.holder}; this process stands by.`);
    this.current = { role: 'standby', ...why };
  }
}

function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals]);
  if (any.aborted) return Promise.resolve();
  return new Promise((resolve) => any.addEventListener('abort', () => resolve(), { once: true }));
}
