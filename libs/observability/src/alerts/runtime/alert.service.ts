import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import {
  type AlertLevel,
  type Clock,
  type SilenceCreated,
  createEvent,
  randomIds,
} from '@opensqt/trading-events';
import { EventRecorder } from '../../ingest/event-recorder';
import { ALERT_CHANNELS, type AlertChannel } from '../../channels/channel';
import { TRADING_ENDED, manual } from '../rules/other-conditions';
import { AlertDecider } from './alert-decider';
import { LeaderElection, type LeaderStatus } from './leader-election';
import { AlertLedger } from '../store/alert-ledger';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { WALL_CLOCK } from '../model/alert-tokens';
import type { AlertsVitals } from './alerts-vitals';
import { type Alert, type DeadLetter, type PendingDelivery, pendingDelivery } from '../model/alerts.state';
import { decideAcknowledge, decideRaise, decideResolve } from '../policy/decide';
import { endSilence } from '../policy/decide-by-time';
import { attemptDelivery } from '../delivery/attempt';
import { fingerprintOf } from '../model/fingerprint';

/** An alert that the application raises itself. */
export interface RaiseOptions {
  readonly level: AlertLevel;
  readonly title: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** @default 'manual' */
  readonly condition?: string;
  /** The subject of the alert: one is open per condition and labels. @default the title */
  readonly labels?: Readonly<Record<string, string>>;
  /** Send it once and leave nothing open. @default false */
  readonly oneOff?: boolean;
}

export interface SilenceOptions {
  /** Labels (and `condition`) that an alert must all have. */
  readonly matchers: Readonly<Record<string, string>>;
  /** The time at which it ends, epoch milliseconds on the clock that decisions run on. */
  readonly until: number;
  readonly reason: string;
  readonly by: string;
}

/** The outcome of a test message. */
export interface TestResult {
  readonly channel: string;
  readonly delivered: boolean;
  /** The provider's verdict, in words. */
  readonly detail: string;
}

/** A request to the alerts that cannot be fulfilled. */
export class AlertError extends Error {
  override readonly name = 'AlertError';

  constructor(
    readonly code:
      'UNKNOWN_ALERT' | 'UNKNOWN_SILENCE' | 'UNKNOWN_CHANNEL' | 'UNKNOWN_DEAD_LETTER' | 'INVALID_SILENCE',
    message: string,
  ) {
    super(message);
  }
}

/** At a stop, what can be delivered at once still is, for so long at most. */
const DRAIN_PATIENCE_MS = 5_000;
/** A log that cannot be written must not keep the process from ending: what waits for it is decided again at the next start. */
const STOP_PATIENCE_MS = 2 * DRAIN_PATIENCE_MS;

/**
 * Alerts as an application sees them: raise and resolve ones of its own, look at those that are open, acknowledge them.
 *
 * @example
 * const alert = await alerts.raise({ level: AlertLevel.Warning, title: 'Funding is late', message: 'No payment since 08:00 UTC.' });
 * await alerts.resolve(alert.id);
 */
@Injectable()
export class AlertService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Alerts');
  private readonly nextId = randomIds();
  private started: Promise<void> | undefined;
  private failed = false;

  constructor(
    private readonly recorder: EventRecorder,
    private readonly ledger: AlertLedger,
    private readonly decider: AlertDecider,
    private readonly election: LeaderElection,
    @Inject(ALERT_CHANNELS) private readonly channels: readonly AlertChannel[],
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(WALL_CLOCK) private readonly wallClock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.started = this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (await settlesWithin(STOP_PATIENCE_MS, this.election.stop(DRAIN_PATIENCE_MS))) return;
    this.logger.warn('Alerts are still waiting for the event log and are left to the next start.');
  }

  /**
   * Raises an alert. While one is open for the same condition and labels this is a repeat of it, or its escalation when the
   * level is higher.
   *
   * @returns the alert, once that is on disk
   */
  async raise(options: RaiseOptions): Promise<Alert> {
    await this.started;
    const {
      level,
      title,
      message,
      fields = {},
      condition = manual.condition,
      labels = { title },
      oneOff = false,
    } = options;
    const verdict = { verdict: 'raise', level, title, message, fields, labels } as const;
    const events = decideRaise(
      this.ledger.state,
      condition,
      oneOff ? { ...verdict, oneOff } : verdict,
      this.cause(),
      this.decider.context(),
    );
    await this.ledger.recordRequest(events);
    const fingerprint = fingerprintOf(condition, labels);
    return this.find((alert) => alert.fingerprint === fingerprint, fingerprint);
  }

  /**
   * Resolves an open alert.
   *
   * @param id the alert's id or its fingerprint
   * @throws AlertError `UNKNOWN_ALERT` when no such alert is open
   */
  async resolve(id: string, reason = 'resolved by hand'): Promise<Alert> {
    await this.started;
    const open = this.openAlert(id);
    const words = { title: `Resolved: ${open.title}`, message: `${reason}.`, fields: open.fields };
    const cause = this.cause();
    await this.ledger.recordRequest(
      decideResolve(this.ledger.state, open.fingerprint, words, reason, cause, this.decider.context()),
    );
    return this.find((alert) => alert.id === open.id, id);
  }

  /**
   * Acknowledges an open alert: says who looks after it. Channels that it was sent to and that take acknowledgements are notified.
   *
   * @throws AlertError `UNKNOWN_ALERT` when no such alert is open
   */
  async acknowledge(id: string, by: string, note?: string): Promise<Alert> {
    await this.started;
    const { id: alertId, fingerprint } = this.openAlert(id);
    const { state } = this.ledger;
    const open = state.open.get(fingerprint);
    if (open !== undefined) {
      const who = { by, ...(note === undefined ? {} : { note }) };
      await this.ledger.recordRequest(
        decideAcknowledge(state, open, who, this.cause(), this.decider.context()),
      );
    }
    return this.find((alert) => alert.id === alertId, id);
  }

  /**
   * Holds back the alerts that match, from every channel but the log, until a given time.
   *
   * @returns the silence's id
   * @throws AlertError `INVALID_SILENCE` when it has no matcher or ends in the past
   */
  async silence({ matchers, until, reason, by }: SilenceOptions): Promise<string> {
    await this.started;
    const now = this.options.clock.now();
    if (Object.keys(matchers).length === 0 || !(until > now)) {
      throw new AlertError(
        'INVALID_SILENCE',
        'A silence needs at least one matcher and an end in the future.',
      );
    }
    const silenceId = this.nextId(now);
    const data = { silenceId, matchers, until, reason, by };
    await this.ledger.recordRequest([createEvent('silence.created', data, { occurredAt: now })]);
    return silenceId;
  }

  /**
   * Ends a silence early. What it held back and still fires is sent now.
   *
   * @throws AlertError `UNKNOWN_SILENCE` when there is no such silence
   */
  async endSilence(silenceId: string, by: string): Promise<void> {
    await this.started;
    const silence = this.ledger.state.silences.get(silenceId);
    if (silence === undefined) throw new AlertError('UNKNOWN_SILENCE', `There is no silence '${silenceId}'.`);
    await this.ledger.recordRequest(
      endSilence(this.ledger.state, silence, this.cause(), this.decider.context(), by),
    );
  }

  /** The silences that hold something back at the moment. */
  silences(): readonly SilenceCreated[] {
    return [...this.ledger.state.silences.values()];
  }

  /** The open alerts, oldest first. */
  active(): readonly Alert[] {
    return [...this.ledger.state.open.values()].map(
      ({ escalatesAt: _due, notifiedAt: _notified, ...alert }) => alert,
    );
  }

  /** Alerts that have ended, newest first; the last thousand are kept at hand. */
  history(limit = 100): readonly Alert[] {
    return this.ledger.state.history.slice(-limit).reverse();
  }

  /**
   * Sends a test message through a channel, past the queue.
   *
   * @throws AlertError `UNKNOWN_CHANNEL` when no such channel is in use
   */
  async test(channel: string): Promise<TestResult> {
    const result = await attemptDelivery(this.channel(channel), this.testMessage(channel), {
      clock: this.wallClock,
      stopping: new AbortController().signal,
      runbooks: () => undefined,
    });
    return result.outcome === 'delivered'
      ? { channel, delivered: true, detail: 'the provider accepted the message' }
      : { channel, delivered: false, detail: `${result.outcome}: ${result.detail}` };
  }

  /** Messages that were given up, newest first; the last thousand are kept at hand. */
  deadLetters(): readonly DeadLetter[] {
    return [...this.ledger.state.deadLetters.values()].reverse();
  }

  /**
   * Sends a dead letter again, for example after a token was changed. A broken channel is tried for it.
   *
   * @returns the id of the new delivery
   * @throws AlertError `UNKNOWN_DEAD_LETTER`; `UNKNOWN_CHANNEL` when its channel is not in use any more
   */
  async resend(deliveryId: string): Promise<string> {
    await this.started;
    const letter = this.ledger.state.deadLetters.get(deliveryId);
    if (letter === undefined) {
      throw new AlertError('UNKNOWN_DEAD_LETTER', `There is no dead letter '${deliveryId}'.`);
    }
    this.channel(letter.channel);
    const { reason: _reason, detail: _detail, attempts: _attempts, ...request } = letter;
    const { id, occurredAt } = this.cause();
    const data = { ...request, deliveryId: id, resendOf: deliveryId, requestedAt: this.wallClock.now() };
    await this.ledger.recordRequest([
      createEvent('delivery.requested', data, { id, occurredAt, causationId: deliveryId }),
    ]);
    return id;
  }

  /** The condition of the channels, for whoever reports it. */
  channelHealth(): {
    readonly names: readonly string[];
    readonly broken: ReadonlyMap<string, string>;
    readonly pending: number;
  } {
    const broken = new Map<string, string>();
    for (const [name, state] of this.ledger.state.channels) {
      if (state.broken !== undefined) broken.set(name, state.broken.reason);
    }
    const names = this.channels.map(({ name }) => name);
    return { names, broken, pending: this.ledger.state.pending.size };
  }

  /** The evidence that alerts are decided and sent, for whoever vouches for it. */
  vitals(): AlertsVitals {
    return {
      state: this.failed ? 'failed' : stateOf(this.election.status),
      decided: this.decider.decided,
      stoppedChannels: this.election.stoppedChannels,
      tradingEnded: this.active()
        .filter(({ condition }) => condition === TRADING_ENDED)
        .map(({ title }) => title),
    };
  }

  private async start(): Promise<void> {
    try {
      await this.recorder.ready();
      await this.election.start();
    } catch (error) {
      this.failed = true;
      this.logger.error(`Alerts cannot run: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private channel(name: string): AlertChannel {
    const found = this.channels.find((channel) => channel.name === name);
    if (found !== undefined) return found;
    const names = this.channels.map((channel) => channel.name).join(', ');
    throw new AlertError('UNKNOWN_CHANNEL', `There is no channel '${name}'. In use: ${names}.`);
  }

  private openAlert(id: string): Alert {
    const open = this.active().find((alert) => alert.id === id || alert.fingerprint === id);
    if (open === undefined) throw new AlertError('UNKNOWN_ALERT', `No alert '${id}' is open.`);
    return open;
  }

  private find(matches: (alert: Alert) => boolean, what: string): Alert {
    const found = this.active().find(matches) ?? this.history(Infinity).find(matches);
    if (found === undefined) throw new AlertError('UNKNOWN_ALERT', `There is no alert '${what}'.`);
    return found;
  }

  private cause(): { readonly id: string; readonly occurredAt: number } {
    const occurredAt = this.options.clock.now();
    return { id: this.nextId(occurredAt), occurredAt };
  }

  private testMessage(channel: string): PendingDelivery {
    const { id, occurredAt } = this.cause();
    return pendingDelivery({
      deliveryId: id,
      alertId: id,
      fingerprint: fingerprintOf('test', { channel }),
      channel,
      kind: 'test',
      notice: {
        level: 'INFO',
        title: 'Test message',
        message: 'Somebody asked whether alerts arrive here. They do.',
        timestamp: occurredAt,
        fields: { Channel: channel },
      },
      requestedAt: this.wallClock.now(),
    });
  }
}

async function settlesWithin(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function stateOf(status: LeaderStatus): AlertsVitals['state'] {
  switch (status.role) {
    case 'starting':
      return 'starting';
    case 'leader':
      return 'running';
    case 'standby':
      return status.problem === undefined ? 'running' : 'failed';
    case 'ended':
      return 'failed';
  }
}
