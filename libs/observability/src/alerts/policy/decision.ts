import {
  type AlertEvent,
  type EpochMs,
  type TradingEvent,
  type SilenceCreated,
  createEvent,
  derivedId,
} from '@opensqt/trading-events';
import { type Alert, type EndedAlert, type OpenAlert, findAlert } from '../model/alerts.state';
import { type Cause, envelope } from '../model/cause';
import { fingerprintOf } from '../model/fingerprint';
import type { AlertRule, RuleVerdict } from '../rules/alert-rule';
import { checkedVerdict } from '../rules/checked-verdict';
import { Agenda } from './agenda';
import type { AlertBook } from './alert-book';
import type { Channel } from './channel-route';
import { digestHolds, digestRequest, throttledLines } from './messages/digest';
import type { DueWhat } from './due-times';
import { ALERTING_FAILING, failingFacts, recoveredFacts, worksAgainFacts } from './failing';
import { persistFacts, raiseFacts, resolveFacts } from './facts';
import { recordable } from './recordable';
import { isSilencedBy } from './stages/muting';
import { removedFacts, repairedByRemoval } from './removed-channels';
import { holdFact, messageFact, overtakenFacts, supersededFacts } from './messages/messages';
import { isAhead, throttledUntil } from './stages/pace';
import { reconcile } from './reconcile';
import { newsOf } from './held';
import type { Answer } from './rule-memories';
import type { Decision, Failure, PolicyContext } from './settings';

/** An open alert about a part that goes on throwing is not stated again for so long (ms). */
const FAILS_STILL_MS = 60_000;

/** An occasion for decisions. */
export type DecisionInput =
  /** Something happened in trading. */
  | { readonly what: 'event'; readonly event: TradingEvent; readonly answers?: readonly Answer[] }
  /** Rules with a memory were asked since time has passed. */
  | { readonly what: 'asked'; readonly answers: readonly Answer[] }
  /** An alert event that somebody else recorded and the book has folded: what an operator or the application asked for. */
  | { readonly what: 'stated'; readonly event: AlertEvent }
  /** Time has passed. */
  | { readonly what: 'due' }
  /** Channels, routes or settings may have changed: everything is looked at once. */
  | { readonly what: 'restart' }
  /** Something threw that is no part of decisions: a channel, or deciding itself. */
  | { readonly what: 'failed'; readonly failures: readonly Failure[] };

/**
 * Decides, and folds each decision into the book before the next one is made. The same book, input and context always lead to the same events,
 * with the same ids.
 */
export function decide(book: AlertBook, input: DecisionInput, context: PolicyContext): Decision {
  const deciding = new Deciding(book, context);
  switch (input.what) {
    case 'event':
      deciding.onEvent(input.event, input.answers);
      break;
    case 'asked':
      deciding.onAsked(input.answers);
      break;
    case 'stated':
      deciding.onStated(input.event);
      break;
    case 'due':
      deciding.onDue();
      break;
    case 'restart':
      deciding.onRestart();
      break;
    case 'failed':
      deciding.failures.push(...input.failures);
      break;
  }
  deciding.reportFailures();
  return { events: deciding.events, failures: deciding.failures };
}

/** The order of what is due at one moment. */
const ORDER: readonly DueWhat['what'][] = [
  'escalation',
  'silence',
  'stability',
  'recovery',
  'digest',
  'look',
];

class Deciding {
  readonly events: AlertEvent[] = [];
  readonly failures: Failure[] = [];
  private readonly agenda: Agenda;

  constructor(
    private readonly book: AlertBook,
    private readonly context: PolicyContext,
  ) {
    this.agenda = new Agenda(context.channels);
  }

  onEvent(event: TradingEvent, answers: readonly Answer[] = []): void {
    for (const rule of this.context.rules) {
      const verdict = this.verdictOf(rule, event);
      if (verdict !== undefined) this.onVerdict(rule, verdict, event);
    }
    for (const answer of answers) this.onAnswer(answer, event);
    this.lookAll(event.id);
  }

  onAsked(answers: readonly Answer[]): void {
    for (const answer of answers) {
      this.onAnswer(answer);
      this.lookAll(`asked ${answer.at}`);
    }
  }

  onStated(event: AlertEvent): void {
    this.concern(event);
    this.lookAll(event.id);
  }

  onDue(): void {
    const { now } = this.context;
    const due: { readonly due: DueWhat; readonly at: EpochMs }[] = [];
    for (const what of ORDER) {
      due.push(...this.book.due.pop(now)); // what one of them leads to may be due at once
      for (const one of due) if (one.due.what === what) this.fallDue(one.due, one.at);
    }
    this.lookAll('due');
    for (const { due: one } of due) if (one.what === 'digest') this.passedDue(one.channel);
  }

  onRestart(): void {
    this.take(removedFacts(this.book.state, this.context));
    this.take(repairedByRemoval(this.book.state, this.context, this.failures));
    for (const alert of this.book.state.open.values()) this.agenda.add(alert);
    for (const alerts of this.book.state.ended.values()) for (const alert of alerts) this.agenda.add(alert);
    this.lookAll('restart');
  }

  /** Raises an alert of its own for each part that threw, once. */
  reportFailures(): void {
    const parts = new Map(this.failures.map(({ part, error }) => [part, error]));
    const { now } = this.context;
    for (const [part, error] of parts) {
      const open = this.book.state.open.get(fingerprintOf(ALERTING_FAILING, { bot: this.context.bot, part }));
      if (open !== undefined && now - open.updatedAt < FAILS_STILL_MS) continue;
      const cause = {
        id: derivedId('failing', part, this.events.at(-1)?.id ?? '', String(now)),
        occurredAt: now,
      };
      this.take(failingFacts(this.book.state, part, error, cause, this.context));
      this.lookAll(cause.id);
    }
  }

  private verdictOf(rule: AlertRule, event: TradingEvent): RuleVerdict | undefined {
    try {
      if (rule.decide === undefined || !rule.handles.includes(event.type)) return undefined;
      const verdict = checkedVerdict(rule.decide(event));
      this.worksAgain(rule.condition, event);
      return verdict;
    } catch (error) {
      this.failures.push({ part: rule.condition, error });
      return undefined;
    }
  }

  private onAnswer(answer: Answer, event?: TradingEvent): void {
    const { rule, at, error } = answer;
    try {
      if (error !== undefined) throw error;
      for (const { verdict, cause } of newsOf(this.book.state, answer, this.context, event))
        this.onVerdict(rule, verdict, cause);
      this.worksAgain(rule.condition, event ?? { id: derivedId('asked', String(at)), occurredAt: at });
    } catch (thrown) {
      this.failures.push({ part: rule.condition, error: thrown });
    }
  }

  private onVerdict(rule: AlertRule, verdict: RuleVerdict, cause: Cause): void {
    const { state } = this.book;
    if (verdict.verdict === 'raise') {
      this.take(raiseFacts(state, rule.condition, verdict, cause, this.context));
      return;
    }
    const fingerprint = fingerprintOf(rule.condition, { bot: this.context.bot, ...verdict.labels });
    const end = { words: verdict, reason: 'cleared' } as const;
    this.take(resolveFacts(state, fingerprint, end, cause, this.context, this.failures));
  }

  private worksAgain(part: string, cause: Cause): void {
    this.take(worksAgainFacts(this.book.state, part, cause, this.context));
  }

  private fallDue(one: DueWhat, at: EpochMs): void {
    const { state } = this.book;
    switch (one.what) {
      case 'escalation':
        this.take(persistFacts(state, one.fingerprint, this.context, this.failures));
        return;
      case 'silence':
        this.silenceDue(one.silenceId);
        return;
      case 'stability':
        this.stable(one.fingerprint, at);
        return;
      case 'recovery':
        this.take(recoveredFacts(state, one.fingerprint, at, this.context));
        return;
      case 'digest':
        if (state.digests.get(one.channel)?.throttles === true) this.closeDigest(one.channel);
        return;
      case 'look': {
        const alert = findAlert(state, one.fingerprint, one.alertId);
        if (alert !== undefined) this.agenda.add(alert, one.channel);
        return;
      }
    }
  }

  private closeDigest(channel: string): void {
    this.take(digestHolds(this.book.state, channel, this.context, this.failures));
    this.take(digestRequest(this.book.state, channel, this.context));
  }

  /** Sends what came and went in quiet hours as one message, after those about what is still open; unless there are too many. */
  private passedDue(channel: string): void {
    const { state } = this.book;
    const digest = state.digests.get(channel);
    const { now, settings } = this.context;
    if (digest === undefined || digest.throttles || digest.dueAt > now) return;
    const until = throttledUntil(state, channel, now, settings);
    if (until === undefined) this.closeDigest(channel);
    else this.take(throttledLines(state, channel, until, this.context));
  }

  private silenceDue(silenceId: string): void {
    const silence = this.book.state.silences.get(silenceId);
    if (silence === undefined) return;
    const { now } = this.context;
    const { startsAt = -Infinity, until, atOnce = false } = silence;
    if (until > now && !(atOnce && startsAt > now)) {
      this.addMatching(silence);
      this.book.due.set({ what: 'silence', silenceId }, until);
      return;
    }
    const cause = { id: derivedId('over', silenceId), occurredAt: now };
    this.take([createEvent('silence.expired', { silenceId }, envelope(cause, 'silence.expired', silenceId))]);
  }

  /** A condition that flapped was quiet for long enough: it is over unless it holds. */
  private stable(fingerprint: string, at: EpochMs): void {
    const open = this.book.state.open.get(fingerprint);
    if (open === undefined || open.holds) return;
    const cause = { id: derivedId('stable', open.id, String(at)), occurredAt: at };
    const words = {
      title: `Stable again: ${open.title}`,
      message: 'It flapped, and has not come back since.',
      fields: open.fields,
    };
    const end = { words, reason: 'stable', isFinal: true } as const;
    this.take(resolveFacts(this.book.state, fingerprint, end, cause, this.context, this.failures));
  }

  private take(facts: readonly AlertEvent[]): void {
    for (const fact of recordable(facts, this.failures)) {
      this.book.fold(fact);
      this.events.push(fact);
      this.concern(fact);
    }
  }

  /** An alert that was down for long enough before is severe at once. */
  private escalateIfDue(fingerprint: string): void {
    const { escalatesAt = Infinity } = this.book.state.open.get(fingerprint) ?? {};
    if (escalatesAt > this.context.now) return;
    this.take(persistFacts(this.book.state, fingerprint, this.context, this.failures));
  }

  /** Puts the alerts on the agenda that an event concerns. */
  private concern(event: AlertEvent): void {
    const { state } = this.book;
    switch (event.type) {
      case 'alert.raised': {
        const { alertId, fingerprint, oneOff } = event.data;
        if (!oneOff) this.agenda.add(findAlert(state, fingerprint, alertId));
        else if (state.undecided.has(alertId))
          this.agenda.add(state.history.findLast(({ id }) => id === alertId));
        this.escalateIfDue(fingerprint);
        return;
      }
      case 'alert.escalated':
      case 'alert.acknowledged':
        this.agenda.add(findAlert(state, event.data.fingerprint, event.data.alertId));
        return;
      case 'alert.suppressed':
        if (event.data.reason === 'superseded')
          this.agenda.add(state.open.get(event.data.fingerprint), event.data.channel);
        if (event.data.reason !== 'flapping' || event.data.channel !== undefined) return;
        this.agenda.add(findAlert(state, event.data.fingerprint, event.data.alertId));
        this.addIncidentOf(event.data.alertId); // its level may be a lower one
        this.escalateIfDue(event.data.fingerprint);
        return;
      case 'alert.resolved':
        this.agenda.add(findAlert(state, event.data.fingerprint, event.data.alertId));
        this.addIncidentOf(event.data.alertId);
        return;
      case 'silence.created':
        if ((event.data.startsAt ?? -Infinity) <= this.context.now) this.addMatching(event.data);
        return;
      case 'silence.expired':
        this.addSilenced();
        return;
      default:
        return;
    }
  }

  private addMatching(silence: SilenceCreated): void {
    for (const alert of this.book.state.open.values())
      if (isSilencedBy(silence, alert)) this.agenda.add(alert);
  }

  private addSilenced(): void {
    const { open, notifications } = this.book.state;
    for (const alert of open.values()) {
      for (const [channel, { reason }] of notifications.get(alert.id)?.holds ?? [])
        if (reason === 'silenced') this.agenda.add(alert, channel);
    }
  }

  /** Adds the other open alerts of an incident: they may be notified now that this one has ended or changed. */
  private addIncidentOf(alertId: string): void {
    const { history, ids, incidents, notifications, open } = this.book.state;
    const alert = open.get(ids.get(alertId) ?? '') ?? history.findLast(({ id }) => id === alertId);
    const story = incidents.get(alert?.incidentId ?? alertId);
    for (const fingerprint of story?.open.values() ?? []) {
      const other = open.get(fingerprint);
      for (const [channel, { reason }] of notifications.get(other?.id ?? '')?.holds ?? [])
        if (reason === 'part_of_incident') this.agenda.add(other, channel);
    }
  }

  private lookAll(trigger: string): void {
    for (const { alert, channel } of this.agenda.take(this.book.state)) this.look(alert, channel, trigger);
  }

  private look(alert: OpenAlert | EndedAlert | Alert, channel: Channel, trigger: string): void {
    const { book, context } = this;
    const { id: alertId, fingerprint } = alert;
    const { holds, notified } = book.state.notifications.get(alertId) ?? {};
    const known = holds?.get(channel.name);
    const last = notified?.get(channel.name);
    const result = reconcile(book.state, alert, channel, context, this.failures);
    const cause = {
      id: derivedId('look', trigger, String(context.now), String(last?.messages ?? 0)),
      occurredAt: context.now,
    };
    const look = { what: 'look', fingerprint, alertId, channel: channel.name } as const;
    switch (result.answer) {
      case 'notify':
        this.take(overtakenFacts(book.state, alert, channel, cause));
        this.take([messageFact(book.state, alert, channel, result.kind, cause, context)]);
        if (alert.status === 'open') this.take(supersededFacts(book.state, alert, channel, cause));
        return;
      case 'hold': {
        const isNews = known?.reason !== result.reason || known.until !== result.until;
        if (alert.status === 'one_off' || isNews) this.take([holdFact(alert, channel, result, cause)]);
        else if (result.reason !== 'throttled') book.due.set(look, result.until);
        return;
      }
      case 'nothing':
        if (
          known !== undefined ||
          (result.until !== undefined && last !== undefined && isAhead(last, context.now))
        )
          this.take([holdFact(alert, channel, { ...result, reason: 'not_due' }, cause)]);
        book.due.set(look, result.until);
        return;
    }
  }
}
