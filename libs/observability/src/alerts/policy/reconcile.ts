import { type EpochMs, type NoticeKind, type SuppressionReason, AlertLevel } from '@opensqt/trading-events';
import {
  type Alert,
  type AlertsState,
  type Change,
  type EndedAlert,
  type Notified,
  type OpenAlert,
  cannotKnow,
  notifiedOf,
} from '../model/alerts.state';
import { compareLevels } from '../model/levels';
import { type Channel, LOG_CHANNEL } from './channel-route';
import { type FlappingPeriod, flappingAt } from './stages/pace';
import { type StageVerdict, answerOfStage, runStages } from './pipeline';
import type { Failure, PolicyContext } from './settings';
import type { Look, StageAnswer } from './stages/stage';

/** The answer about an alert and a channel: a message now, a hold, or neither. */
export type Reconciliation =
  | { readonly answer: 'notify'; readonly kind: NoticeKind }
  | { readonly answer: 'hold'; readonly reason: SuppressionReason; readonly until?: EpochMs }
  /** It knows what it should; `until` when that is not enough any more. */
  | { readonly answer: 'nothing'; readonly until?: EpochMs };

/**
 * Compares what a channel should know of an alert with what it was notified of. The one place that answers whether a message leaves, whatever made it
 * worth asking.
 *
 * @param failures stages that threw are added to them
 */
export function reconcile(
  state: Readonly<AlertsState>,
  alert: OpenAlert | EndedAlert | Alert,
  channel: Channel,
  context: PolicyContext,
  failures: Failure[],
): Reconciliation {
  const look = lookAt(state, alert, channel, context);
  if (look === undefined) return { answer: 'nothing' };
  if (look.kind === 'resolved' && look.notified === undefined)
    return { answer: 'hold', reason: 'trigger_not_delivered' };
  const answer = answerOf(runStages(look, failures, context.stages));
  if (answer === 'pass' || answer === 'exempt') return { answer: 'notify', kind: look.kind };
  if (look.kind !== 'repeated')
    return { answer: 'hold', ...(partOfIncident(look, answer, failures, context) ?? answer) };
  const due = answerOfStage('repeat', look, failures, context.stages);
  if (due === 'pass' || due === 'exempt') return { answer: 'hold', ...answer };
  return due.until === undefined ? { answer: 'nothing' } : { answer: 'nothing', until: due.until };
}

/** The hold of what is part of a story that the channel knows: it is no line of a digest when quiet hours end. */
function partOfIncident(
  look: Look,
  { reason }: Exclude<StageAnswer, string>,
  failures: Failure[],
  { stages }: PolicyContext,
): Exclude<StageAnswer, string> | undefined {
  if (look.alert.status !== 'one_off' || reason !== 'quiet_hours') return undefined;
  const answer = answerOfStage('incident', look, failures, stages);
  return typeof answer === 'string' ? undefined : answer;
}

/** The question to the stages about an alert and a channel; undefined when there is nothing to say. */
export function lookAt(
  state: Readonly<AlertsState>,
  alert: OpenAlert | EndedAlert | Alert,
  channel: Channel,
  { now, settings }: PolicyContext,
): Look | undefined {
  const notified =
    'owed' in alert ? endableOf(state, alert, channel) : notifiedOf(state, alert.id, channel.name);
  const kind = kindOf(state, alert, channel, notified, { now, settings });
  return kind === undefined ? undefined : { state, alert, channel, kind, notified, now, settings };
}

/** The last message to a channel about an alert that is over, as long as some of them may have arrived. */
function endableOf(
  { notifications }: Readonly<AlertsState>,
  { id }: EndedAlert,
  { name }: Channel,
): Notified | undefined {
  const notified = notifications.get(id)?.notified.get(name);
  return cannotKnow(notified) ? undefined : notified;
}

/** The answer of the last stage that was asked. */
export function answerOf(verdicts: readonly StageVerdict[]): StageAnswer {
  return verdicts.at(-1)?.answer ?? 'pass';
}

function kindOf(
  state: Readonly<AlertsState>,
  alert: OpenAlert | EndedAlert | Alert,
  channel: Channel,
  notified: Look['notified'],
  { now, settings }: Pick<PolicyContext, 'now' | 'settings'>,
): NoticeKind | undefined {
  if ('owed' in alert) return alert.owed.has(channel.name) ? 'resolved' : undefined;

  if (!('holds' in alert)) return notified === undefined ? 'raised' : undefined;
  if (channel.name === LOG_CHANNEL) return kindForLog(alert, notified);
  const changes = state.changes.get(alert.fingerprint) ?? [];
  const period = flappingAt(changes, now, settings);
  if (period !== undefined && !isKnown(period, changes, notified)) return 'flapping';
  if (!alert.holds) return undefined;
  if (notified === undefined) return 'raised';

  if (compareLevels(notified.level, alert.level) < 0) return 'escalated';
  const isBack = period !== undefined && notified.times < alert.times;
  if (isBack && alert.level === AlertLevel.Critical) return 'raised';
  return isAcknowledgement(alert, notified) && channel.acknowledgements === true
    ? 'acknowledged'
    : 'repeated';
}

/** True where the channel was notified after the change that made the condition flap: by their order, for a clock may have been set back. */
function isKnown(
  { began }: FlappingPeriod,
  changes: readonly Change[],
  notified: Notified | undefined,
): boolean {
  const known = changes.findLastIndex(({ at }) => at === notified?.knownChangeAt);
  return known >= 0 && known >= changes.findIndex(({ at }) => at === began);
}

/** The log is notified each time that a condition that flaps begins or ends to hold. */
function kindForLog(alert: OpenAlert, notified: Notified | undefined): NoticeKind | undefined {
  const isOver = notified === undefined || notified.kind === 'resolved';
  if (!alert.holds) return isOver ? undefined : 'resolved';
  if (isOver) return 'raised';
  if (compareLevels(notified.level, alert.level) < 0) return 'escalated';
  return isAcknowledgement(alert, notified) ? 'acknowledged' : 'repeated';
}

function isAcknowledgement({ acknowledgedBy }: OpenAlert, notified: Notified): boolean {
  return acknowledgedBy !== undefined && acknowledgedBy !== notified.acknowledgedBy;
}
