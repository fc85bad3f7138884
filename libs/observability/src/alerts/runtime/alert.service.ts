import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import {
  type Clock,
  type IncidentPlanned,
  type SilenceCreated,
  createEvent,
  randomIds,
} from '@opensqt/trading-events';
import { EventRecorder } from '../../ingest/event-recorder';
import { settlesWithin } from '../../ingest/settles-within';
import { ALERT_CHANNELS, type AlertChannel } from '../../channels/channel';
import { TRADING_ENDED, manual } from '../rules/other-conditions';
import { AlertDecider } from './alert-decider';
import { AlertError, type RaiseOptions, type SilenceOptions, type TestResult } from './alert-requests';
import {
  acknowledgeRequest,
  checkedRequest,
  endSilenceRequest,
  id as idText,
  planRequest,
  raiseRequest,
  resolveRequest,
  silenceOptions,
  writtenMatchers,
} from './request-schemas';
import { resentFacts } from './resent-letter';
import { LeaderElection, type LeaderStatus } from './leader-election';
import { AlertLedger } from '../store/alert-ledger';
import { WALL_CLOCK } from '../model/alert-tokens';
import type { AlertsVitals } from './alerts-vitals';
import { plain } from '../model/alert-fold';
import { IdPrefixError, idByPrefix } from '../model/id-prefix';
import type { Alert, DeadLetter, OpenAlert } from '../model/alerts.state';
import { acknowledgeFact, raiseFacts, resolveFacts } from '../policy/facts';
import { type WrittenMatchers, matcherWarnings, parseMatchers } from '../policy/stages/matchers';
import { ALERT_CONDITIONS } from '../rules/registry';
import { excessOf } from '../rules/checked-verdict';
import { ChannelTests } from '../rehearsal/channel-tests';
import { messageOf, sentence } from '../../format/format';

/** At a stop, what can be delivered at once still is, for so long at most. */
const DRAIN_PATIENCE_MS = 5_000;
/** A log that cannot be written must not keep the process from ending: what waits for it is decided again at the next start. */
const STOP_PATIENCE_MS = DRAIN_PATIENCE_MS + 1_000;

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
  /** Dead letters whose new deliveries are being recorded: where another process leads, the state does not have them at once. */
  private readonly resending = new Set<string>();
  /** The reason that alerts do not run; undefined while they may. */
  failure: string | undefined;

  constructor(
    private readonly recorder: EventRecorder,
    private readonly ledger: AlertLedger,
    private readonly decider: AlertDecider,
    private readonly election: LeaderElection,
    private readonly tests: ChannelTests,
    @Inject(ALERT_CHANNELS) private readonly channels: readonly AlertChannel[],
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
   * @throws AlertError `INVALID_REQUEST` with everything that is wrong, `TOO_LARGE`
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
    } = checkedRequest(raiseRequest, options);
    const verdict = { verdict: 'raise', level, title, message, fields, labels } as const;
    const excess = excessOf(verdict);
    if (excess !== undefined) throw new AlertError('TOO_LARGE', excess);
    const context = this.decider.context();
    const request = oneOff ? ({ ...verdict, oneOff } as const) : verdict;
    const facts = raiseFacts(this.ledger.state, condition, request, this.cause(), context);
    await this.ledger.recordRequest(facts);
    // One of too many is counted by an alert of another fingerprint.
    const about = new Set(facts.flatMap(({ data }) => ('fingerprint' in data ? [data.fingerprint] : [])));
    return this.find(({ fingerprint }) => about.has(fingerprint), title);
  }

  /**
   * Resolves an open alert.
   *
   * @param id the alert's id, also shortened to its beginning, or its fingerprint
   * @throws AlertError `UNKNOWN_ALERT` when no such alert is open, `AMBIGUOUS_ID`, `INVALID_REQUEST`
   */
  async resolve(id: string, reason = 'resolved by hand'): Promise<Alert> {
    await this.started;
    checkedRequest(resolveRequest, { id, reason });
    const open = this.openAlert(id);
    const words = { title: open.title, message: sentence(reason), fields: open.fields };
    const end = { words, reasonGiven: reason, isFinal: true };
    await this.ledger.recordRequest(
      resolveFacts(this.ledger.state, open.fingerprint, end, this.cause(), this.decider.context(), []),
    );
    return this.find((alert) => alert.id === open.id, id);
  }

  /**
   * Acknowledges an open alert: says who looks after it. Channels that it was sent to and that take acknowledgements are notified.
   *
   * @param id the alert's id, also shortened to its beginning, or its fingerprint
   * @throws AlertError `UNKNOWN_ALERT` when no such alert is open, `AMBIGUOUS_ID`, `INVALID_REQUEST`
   */
  async acknowledge(id: string, by: string, note?: string): Promise<Alert> {
    await this.started;
    checkedRequest(acknowledgeRequest, { id, by, note });
    const open = this.openAlert(id);
    const who = { by, ...(note === undefined ? {} : { note }) };
    await this.ledger.recordRequest([acknowledgeFact(open, who, this.cause())]);
    return this.find((alert) => alert.id === open.id, id);
  }

  /**
   * Holds back the alerts that match, from every channel but the log, until a given time.
   *
   * @returns the silence's id
   * @throws AlertError `INVALID_SILENCE` with everything that is wrong: no matcher, one that can't be read, an end before its beginning
   */
  async silence(options: SilenceOptions): Promise<string> {
    await this.started;
    const { matchers, startsAt, until, reason, by } = checkedRequest(
      silenceOptions,
      options,
      'INVALID_SILENCE',
    );
    const now = this.now();
    for (const warning of this.silenceWarnings(matchers)) this.logger.warn(`A silence by ${by}: ${warning}`);
    if (!(until > Math.max(now, startsAt ?? now))) {
      throw new AlertError('INVALID_SILENCE', 'A silence needs an end in the future, after its beginning.');
    }
    const silenceId = this.nextId(now);
    const data = { silenceId, matchers, until, reason, by, ...(startsAt === undefined ? {} : { startsAt }) };
    await this.ledger.recordRequest([createEvent('silence.created', data, { occurredAt: now })]);
    return silenceId;
  }

  /**
   * Sentences about matchers that no alert has matched so far: a misspelt label, a condition that there is none of.
   *
   * @throws AlertError `INVALID_SILENCE` when there is none, or one can't be read
   */
  silenceWarnings(written: WrittenMatchers): readonly string[] {
    const checked = checkedRequest(writtenMatchers, written, 'INVALID_SILENCE');
    return matcherWarnings(parseMatchers(checked), this.conditions(), this.labels());
  }

  /**
   * Ends a silence early. What it held back and still fires is sent now.
   *
   * @param given the silence's id, also shortened to its beginning
   * @throws AlertError `UNKNOWN_SILENCE` when there is no such silence, `AMBIGUOUS_ID`, `INVALID_REQUEST`
   */
  async endSilence(given: string, by: string): Promise<void> {
    await this.started;
    checkedRequest(endSilenceRequest, { silenceId: given, by });
    const silenceId = wholeId(given, this.ledger.state.silences.keys(), 'silence');
    if (!this.ledger.state.silences.has(silenceId))
      throw new AlertError('UNKNOWN_SILENCE', `There is no silence '${silenceId}'.`);
    const { id, occurredAt } = this.cause();
    await this.ledger.recordRequest([createEvent('silence.expired', { silenceId, by }, { id, occurredAt })]);
  }

  /**
   * Says that what happened in a time was planned. It is in the log as `incident.planned`; nothing is held back by it.
   *
   * @throws AlertError `INVALID_REQUEST`
   */
  async markPlanned(plan: IncidentPlanned): Promise<void> {
    await this.started;
    const data = checkedRequest(planRequest, plan);
    await this.ledger.recordRequest([createEvent('incident.planned', data, { occurredAt: this.now() })]);
  }

  /** The silences that hold something back at the moment. */
  silences(): readonly SilenceCreated[] {
    return [...this.ledger.state.silences.values()].map(({ atOnce: _atOnce, ...silence }) => silence);
  }

  /** The open alerts, oldest first. */
  active(): readonly Alert[] {
    return [...this.ledger.state.open.values()].map(plain);
  }

  /** Alerts that have ended, newest first; the last thousand are kept at hand. */
  history(limit = 100): readonly Alert[] {
    return this.ledger.state.history.slice(-limit).reverse();
  }

  /**
   * Sends a test message through a channel, past the queue. It is in the log as `channel.tested`.
   *
   * @throws AlertError `UNKNOWN_CHANNEL` when no such channel is in use
   */
  test(channel: string, by = 'operator'): Promise<TestResult> {
    return this.tests.one(channel, by);
  }

  /** Messages that were given up, newest first; the last thousand are kept at hand. */
  deadLetters(): readonly DeadLetter[] {
    return [...this.ledger.state.deadLetters.values()].reverse();
  }

  /**
   * Sends a dead letter again, for example after a token was changed, and the end of its alert behind it where that is over. A broken channel is tried for it.
   *
   * @param given the dead letter's id, also shortened to its beginning
   * @returns the id of the new delivery
   * @throws AlertError `UNKNOWN_DEAD_LETTER`, `AMBIGUOUS_ID`; `UNKNOWN_CHANNEL` when its channel is not in use any more
   */
  async resend(given: string): Promise<string> {
    await this.started;
    const deliveryId = wholeId(given, this.ledger.state.deadLetters.keys(), 'dead letter');
    const letter = this.ledger.state.deadLetters.get(deliveryId);
    if (letter === undefined || this.resending.has(deliveryId)) {
      throw new AlertError('UNKNOWN_DEAD_LETTER', `There is no dead letter '${deliveryId}'.`);
    }
    this.tests.named(letter.channel);
    const cause = this.cause();
    const { settings } = this.decider.context();
    const times = { wallNow: this.wallClock.now(), timeZone: settings.timeZone };
    const facts = resentFacts(this.ledger.state, letter, cause, times);
    this.resending.add(deliveryId);
    await this.ledger.recordRequest(facts).finally(() => this.resending.delete(deliveryId));
    return cause.id;
  }

  /** The names of the channels in use. */
  get channelNames(): readonly string[] {
    return this.channels.map(({ name }) => name);
  }

  /** The condition of the channels, for whoever reports it. */
  channelHealth(): {
    readonly names: readonly string[];
    readonly broken: ReadonlyMap<string, string>;
    /** Those that this process has delivered through. */
    readonly proven: ReadonlySet<string>;
    readonly pending: number;
  } {
    const broken = new Map(this.election.failingChannels.map((name) => [name, 'its delivery throws']));
    for (const name of this.channelNames) {
      const reason = this.ledger.state.channels.get(name)?.broken?.reason;
      if (reason !== undefined) broken.set(name, reason);
    }
    const { provenChannels: proven } = this.election;
    return { names: this.channelNames, broken, proven, pending: this.ledger.state.pending.size };
  }

  /** The evidence that alerts are decided and sent, for whoever vouches for it. */
  vitals(): AlertsVitals {
    return {
      state: this.failure !== undefined ? 'failed' : stateOf(this.election.status),
      decided: this.decider.position?.position,
      failingChannels: this.election.failingChannels,
      tradingEnded: this.active()
        .filter(({ condition }) => condition === TRADING_ENDED)
        .map(({ title }) => title),
    };
  }

  private async start(): Promise<void> {
    try {
      await this.recorder.ready();
      this.warnOfRoutes();
      await this.election.start();
    } catch (error) {
      this.failure = messageOf(error);
      this.logger.error(`Alerts cannot run: ${this.failure}`);
    }
  }

  private warnOfRoutes(): void {
    for (const { name, match = [] } of this.decider.context().channels) {
      for (const warning of matcherWarnings(parseMatchers(match), this.conditions(), this.labels()))
        this.logger.warn(`alerts.routes, ${name}: ${warning}`);
    }
  }

  private conditions(): readonly string[] {
    const { open, history } = this.ledger.state;
    const others = [...this.decider.context().rules, ...open.values(), ...history];
    return [...ALERT_CONDITIONS, ...others.map(({ condition }) => condition)];
  }

  private labels(): ReadonlySet<string> {
    const { open, history } = this.ledger.state;
    const alerts: readonly Alert[] = [...open.values(), ...history];
    return new Set(alerts.flatMap(({ labels }) => Object.keys(labels)));
  }

  private openAlert(id: string): OpenAlert {
    const { open, ids } = this.ledger.state;
    const found = open.get(id) ?? open.get(ids.get(wholeId(id, ids.keys(), 'open alert')) ?? id);
    if (found === undefined) throw new AlertError('UNKNOWN_ALERT', `No alert '${id}' is open.`);
    return found;
  }

  private find(matches: (alert: Alert) => boolean, what: string): Alert {
    const found = this.active().find(matches) ?? this.history(Infinity).find(matches);
    if (found === undefined) throw new AlertError('UNKNOWN_ALERT', `There is no alert '${what}'.`);
    return found;
  }

  private cause(): { readonly id: string; readonly occurredAt: number } {
    const occurredAt = this.now();
    return { id: this.nextId(occurredAt), occurredAt };
  }

  /** The time of what is asked for now. */
  now(): number {
    return this.decider.context().now;
  }
}

/** @throws AlertError `AMBIGUOUS_ID`, `INVALID_REQUEST` when it is no text */
function wholeId(given: string, ids: Iterable<string>, what: string): string {
  try {
    return idByPrefix(checkedRequest(idText, given), ids, what);
  } catch (error) {
    throw error instanceof IdPrefixError ? new AlertError('AMBIGUOUS_ID', error.message) : error;
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
