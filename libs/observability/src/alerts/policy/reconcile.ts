import { type EpochMs, type NoticeKind, type SuppressionReason, AlertLevel } from '@opensqt/trading-events';
import {
  type Alert,
  type AlertsState,
  type EndedAlert,
  type Notified,
  type OpenAlert,
  notifiedOf,
} from '../model/alert-state';
import { compareLevels } from '../model/levels';
import { type Channel, LOG_CHANNEL } from './channel-route';
import { flappingAt } from './pace';
import { PIPELINE, type StageVerdict, runStages } from './pipeline';
import type { Failure, PolicyContext } from './settings';
import type { Look, StageAnswer } from './stage';

/** What a channel should be sent about an alert now. */
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
  const repeat = (context.stages ?? PIPELINE).filter(({ name }) => name === 'repeat');
  const due = answerOf(runStages(look, failures, repeat));
  if (due === 'pass' || due === 'exempt') return { answer: 'hold', ...answer };
  return due.until === undefined ? { answer: 'nothing' } : { answer: 'nothing', until: due.until };
}

/** What is part of a story that the channel knows is no line of a digest when quiet hours end. */
function partOfIncident(
  look: Look,
  { reason }: Exclude<StageAnswer, string>,
  failures: Failure[],
  { stages = PIPELINE }: PolicyContext,
): Exclude<StageAnswer, string> | undefined {
  if (look.alert.status !== 'one_off' || reason !== 'quiet_hours') return undefined;
  const incident = stages.filter(({ name }) => name === 'incident');
  const answer = answerOf(runStages(look, failures, incident));
  return typeof answer === 'string' ? undefined : answer;
}

/** What the stages are asked about an alert and a channel; undefined when there is nothing to say. */
export function lookAt(
  state: Readonly<AlertsState>,
  alert: OpenAlert | EndedAlert | Alert,
  channel: Channel,
  { now, settings }: PolicyContext,
): Look | undefined {
  const notified = notifiedOf(state, alert.id, channel.name);
  const kind = kindOf(state, alert, channel, notified, { now, settings });
  return kind === undefined ? undefined : { state, alert, channel, kind, notified, now, settings };
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
  const period = flappingAt(state.changes.get(alert.fingerprint) ?? [], now, settings);
  if (period !== undefined && (notified?.flapsSince ?? -Infinity) < period.began) return 'flapping';
  if (!alert.holds) return undefined;
  if (notified === undefined) return 'raised';

  if (compareLevels(notified.level, alert.level) < 0) return 'escalated';
  const isBack = period !== undefined && notified.times < alert.times;
  if (isBack && alert.level === AlertLevel.Critical) return 'raised';
  return isAcknowledgement(alert, notified) && channel.acknowledgements === true
    ? 'acknowledged'
    : 'repeated';
}

/** The log is told of each time that a condition that flaps begins or ends to hold. */
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
