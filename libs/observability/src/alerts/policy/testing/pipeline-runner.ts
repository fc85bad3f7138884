import { type AlertEvent, createEvent, derivedId } from '@opensqt/trading-events';
import { alertsProjection } from '../../model/alerts.projection';
import { initialAlerts, notifiedOf, type AlertsState, type Hold } from '../../model/alerts.state';
import type { Cause } from '../../model/cause';
import { fingerprintOf } from '../../model/fingerprint';
import { compareLevels } from '../../model/levels';
import { AlertBook } from '../alert-book';
import type { Channel } from '../channel-route';
import { type DecisionInput, decide } from '../decision';
import { acknowledgeFact, raiseFacts, resolveFacts } from '../facts';
import type { PolicySettings } from '../policy-settings';
import type { PolicyContext } from '../settings';
import type { Stage } from '../stages/stage';
import type { Held, Runner, Scenario, Sent, Step, Subject } from './scenario';

type StepOf<Name extends Step['step']> = Extract<Step, { step: Name }>;

/** A message, and what tells it from others of its kind. */
export interface PipelineSent extends Sent {
  readonly alertId: string;
  /** The number of times that the condition had begun to hold; 0 when its alert is over. */
  readonly times: number;
  /** The time that has passed since the scenario began, whatever the clock was set to. */
  readonly elapsed: number;
  /** The number of times that the clock was set before. */
  readonly clocks: number;
}

/** The messages of the pipeline, and the alerts that it may not have left out. */
type PipelineRun = Omit<ReturnType<Runner>, 'sent'> & {
  readonly sent: readonly PipelineSent[];
  /** Open alerts that a channel does not know, or not at their level, though nothing holds them now. */
  readonly unnotified: readonly string[];
};

/** Runs scenarios over the pipeline: with other stages where they are given. */
export function pipelineRunner(stages?: readonly Stage[]): (scenario: Scenario) => PipelineRun {
  return (scenario) => {
    const bots = new Set(scenario.steps.flatMap((step) => ('bot' in step ? [step.bot] : [])));
    const runs = [...bots].map((bot) => new BotRun(bot, scenario, stages));
    let now = scenario.startAt;
    for (const step of scenario.steps) {
      if (step.step === 'wait') now += step.ms;
      else if (step.step === 'restart') now += step.downFor;
      else if (step.step === 'clock') now += step.ms;
      for (const run of runs) run.step(step, now);
    }
    return {
      sent: runs.flatMap(({ sent }) => sent),
      held: runs.flatMap((run) => run.held()),
      unnotified: runs.flatMap((run) => run.unnotified()),
    };
  };
}

class BotRun {
  readonly sent: PipelineSent[] = [];
  private readonly channels: readonly Channel[];
  private readonly settings: PolicySettings;
  private readonly subjects = new Map<string, Subject>();
  private readonly causes = new Map<string, string>();
  private readonly silences: string[] = [];
  private readonly requested = new Set<string>();
  private book: AlertBook;
  private now: number;
  private steps = 0;
  private clocks = 0;
  /** The time that the clock shows when nothing has passed yet. */
  private zero: number;

  constructor(
    private readonly bot: string,
    { settings, channels, startAt }: Scenario,
    private readonly stages: readonly Stage[] | undefined,
  ) {
    this.channels = [{ name: 'log', acknowledgements: true }, ...channels];
    this.settings = {
      repeatInterval: settings.repeatInterval,
      burst: settings.burst,
      groupWindow: settings.groupWindow,
      flapping: {
        changes: settings.flapping.changes,
        window: settings.flapping.window,
        stableFor: settings.flapping.stableFor,
      },
      incidentGrace: settings.incidentGrace,
      timeZone: 'UTC',
    };
    this.now = startAt;
    this.zero = startAt;
    this.book = this.bookOf(initialAlerts());
  }

  step(step: Step, now: number): void {
    this.steps += 1;
    if (step.step === 'restart' && step.bot === this.bot) {
      this.now = now;
      this.restart();
      return;
    }
    if (step.step === 'clock') {
      this.now = now;
      this.zero += step.ms;
      this.clocks += 1;
      if (step.ms < 0) this.book.due.rebuild(this.book.state, now);
      this.decide({ what: 'due' });
    } else this.waitUntil(now);
    if (!('bot' in step) || step.bot !== this.bot) return;
    switch (step.step) {
      case 'raise':
        this.raise(step);
        return;
      case 'resolve':
        this.resolve(step);
        return;
      case 'acknowledge':
        this.acknowledge(step);
        return;
      case 'silence': {
        const { matchers, startsIn, lasts } = step;
        const silenceId = `silence ${this.silences.length}`;
        this.silences.push(silenceId);
        const startsAt = now + startsIn;
        const silence = {
          silenceId,
          matchers,
          startsAt,
          until: startsAt + lasts,
          reason: 'test',
          by: 'test',
        };
        this.state(createEvent('silence.created', silence, this.cause()));
        return;
      }
      case 'end_silence': {
        const silenceId = this.silences[step.index] ?? '';
        if (this.book.state.silences.has(silenceId))
          this.state(createEvent('silence.expired', { silenceId, by: 'test' }, this.cause()));
        return;
      }
      case 'restart':
        return;
    }
  }

  held(): readonly Held[] {
    const { open, notifications } = this.book.state;
    return [...open.values()].flatMap((alert) => {
      const subject = this.subjectOf(alert.fingerprint);
      const holds = notifications.get(alert.id)?.holds ?? new Map<string, Hold>();
      return [...holds].map(([channel, { reason, until }]) => ({
        bot: this.bot,
        channel,
        subject,
        reason,
        ...(until === undefined ? {} : { until }),
      }));
    });
  }

  unnotified(): readonly string[] {
    const { state } = this.book;
    return [...state.open.values()].flatMap((alert) =>
      this.channels.flatMap(({ name }) => {
        const notified = notifiedOf(state, alert.id, name);
        const isKnown =
          notified !== undefined &&
          notified.kind !== 'resolved' &&
          compareLevels(notified.level, alert.level) >= 0;
        const { until = Infinity } = state.notifications.get(alert.id)?.holds.get(name) ?? {
          until: -Infinity,
        };
        return isKnown || !alert.holds || until > this.now ? [] : [`${name}: ${alert.fingerprint}`];
      }),
    );
  }

  private waitUntil(target: number): void {
    for (;;) {
      const next = this.book.due.next();
      if (next > target) break;
      this.now = Math.max(this.now, next);
      this.decide({ what: 'due' });
    }
    this.now = target;
  }

  private restart(): void {
    const written = JSON.stringify(alertsProjection.encode(this.book.state), (_, value: unknown) =>
      isIterable(value) ? [...value] : value,
    );
    this.book = this.bookOf(
      alertsProjection.decode(JSON.parse(written) as Readonly<Record<string, unknown>>),
    );
    this.decide({ what: 'due' });
    this.decide({ what: 'restart' });
  }

  private raise({ subject, level, oneOff, escalatesAfter, causedBy }: StepOf<'raise'>): void {
    const { condition, symbol } = subject;
    const causationId = causedBy === undefined ? undefined : this.causes.get(this.keyOf(causedBy));
    const cause = { ...this.cause(), ...(causationId === undefined ? {} : { causationId }) };
    const key = this.keyOf(subject);
    const isNew = !this.book.state.open.has(key);
    if (oneOff !== true && isNew) this.causes.set(key, cause.id);
    const verdict = {
      verdict: 'raise',
      labels: { symbol },
      level,
      title: condition,
      message: condition,
      fields: {},
      ...(oneOff === undefined ? {} : { oneOff }),
      ...(escalatesAfter === undefined ? {} : { escalatesAt: this.now + escalatesAfter }),
    } as const;
    for (const fact of raiseFacts(this.book.state, condition, verdict, cause, this.context()))
      this.state(fact);
  }

  private resolve({ subject }: StepOf<'resolve'>): void {
    const end = { words: { title: 'over', message: 'over', fields: {} }, reason: 'cleared' } as const;
    const facts = resolveFacts(this.book.state, this.keyOf(subject), end, this.cause(), this.context(), []);
    for (const fact of facts) this.state(fact);
  }

  private acknowledge({ subject, by }: StepOf<'acknowledge'>): void {
    const open = this.book.state.open.get(this.keyOf(subject));
    if (open?.holds === true) this.state(acknowledgeFact(open, { by }, this.cause()));
  }

  /** An event that was asked for, as it comes back from the log. */
  private state(event: AlertEvent): void {
    this.book.fold(event);
    this.decide({ what: 'stated', event });
  }

  private decide(input: DecisionInput): void {
    const { events, failures } = decide(this.book, input, this.context());
    for (const { error } of failures) throw error;
    for (const event of events) this.deliver(event);
  }

  private deliver(event: AlertEvent): void {
    if (event.type !== 'delivery.requested') return;
    const { deliveryId, alertId, channel, kind, fingerprint, notice, digest } = event.data;
    if (kind === 'test' || kind === 'summary') return;
    if (this.requested.has(deliveryId)) throw new Error(`requested twice: ${kind} on ${channel}`);
    this.requested.add(deliveryId);
    const { level } = notice;
    const open = this.book.state.open.get(fingerprint);
    const { acknowledgedBy: by, times } = open?.id === alertId ? open : { times: 0 };
    const base = {
      ...{ bot: this.bot, channel, at: event.occurredAt, kind, level, alertId, times },
      ...{ elapsed: this.now - this.zero, clocks: this.clocks },
      ...(kind === 'acknowledged' && by !== undefined ? { by } : {}),
    };
    const named = digest?.named.map((one) => this.subjectOf(one)) ?? [];
    this.sent.push(
      digest === undefined
        ? { ...base, subject: this.subjectOf(fingerprint) }
        : { ...base, digest: { named, others: digest.others } },
    );
    const delivered = { deliveryId, alertId, channel, attempt: 1, latencyMs: 0 };
    this.book.fold(createEvent('delivery.succeeded', delivered, { occurredAt: this.now }));
  }

  private keyOf(subject: Subject): string {
    const key = fingerprintOf(subject.condition, { bot: this.bot, symbol: subject.symbol });
    this.subjects.set(key, subject);
    return key;
  }

  private subjectOf(fingerprint: string): Subject {
    const subject = this.subjects.get(fingerprint);
    if (subject === undefined) throw new Error(`unknown subject ${fingerprint}`);
    return subject;
  }

  private cause(): Cause {
    return { id: derivedId('step', this.bot, String(this.steps)), occurredAt: this.now };
  }

  private context(): PolicyContext {
    const conditions = new Set([...this.subjects.values()].map(({ condition }) => condition));
    return {
      bot: this.bot,
      rules: [...conditions].map((condition) => ({ condition, handles: [], decide: () => undefined })),
      settings: this.settings,
      channels: this.channels,
      now: this.now,
      wallNow: this.now,
      ...(this.stages === undefined ? {} : { stages: this.stages }),
    };
  }

  private bookOf(state: AlertsState): AlertBook {
    return new AlertBook(state, { settings: this.settings, channels: this.channels }, this.now);
  }
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
