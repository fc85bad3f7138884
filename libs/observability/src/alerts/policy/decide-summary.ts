import {
  type AlertEvent,
  AlertLevel,
  type EpochMs,
  type SummaryClosed,
  createEvent,
  derivedId,
} from '@opensqt/trading-events';
import { type DailyTime, lastTime } from '../../summary/daily-time';
import { summaryWords } from '../../summary/summary-words';
import type { SummaryState } from '../../summary/summary.state';
import type { AlertsState } from '../model/alerts.state';
import { type Cause, noticeOf } from '../model/cause';
import type { DecisionContext } from './decision-context';
import { fingerprintOf } from '../model/fingerprint';
import { LOG_CHANNEL, type Route, compareLevels } from './route';
import { request } from './notify';

/** These show what they are sent as an incident or a firing alert: a summary is neither. */
const NOT_UNASKED: readonly string[] = ['pagerduty', 'alertmanager'];

/** When the daily summary is told, and through which of the channels in use. */
export interface SummaryPlan extends DailyTime {
  readonly channels: readonly string[];
}

/**
 * The channels that tell the summary: those that are named, or else the log and whatever is told of INFO.
 *
 * @throws Error when a channel is named that is not in use
 */
export function summaryChannels(
  routes: readonly Route[],
  named: readonly string[] | undefined,
): readonly string[] {
  const unknown = named?.find((name) => !routes.some((route) => route.name === name));
  if (unknown !== undefined) {
    const inUse = routes.map(({ name }) => name).join(', ');
    throw new Error(`alerts.summary.channels: there is no channel '${unknown}'. In use: ${inUse}.`);
  }
  return (
    named ??
    routes
      .filter(
        ({ name, minLevel = AlertLevel.Info, unacknowledgedAfter }) =>
          name === LOG_CHANNEL ||
          (compareLevels(AlertLevel.Info, minLevel) >= 0 &&
            unacknowledgedAfter === undefined &&
            !NOT_UNASKED.includes(name)),
      )
      .map(({ name }) => name)
  );
}

/**
 * Ends the period that a summary is about, once its time has come. Of several that were missed only the last is made up for: it
 * tells of all that time. The event is the period's end: what comes before it in the log belongs to it, so that what is told is
 * the same whenever it is decided again.
 */
export function decideSummary(state: SummaryState, now: EpochMs, plan: DailyTime): AlertEvent[] {
  const since = state.closed?.dueAt ?? state.period.from;
  if (since === undefined || since >= now) return [];
  const dueAt = lastTime(plan, now);
  if (dueAt <= since) return [];
  const summaryId = derivedId('summary', String(dueAt));
  return [createEvent('summary.closed', { summaryId, dueAt }, { id: summaryId, occurredAt: now })];
}

/** What the channels are told of the period that ended. Silences, quiet hours and bursts do not concern it. */
export function tellSummary(
  { closed }: SummaryState,
  { summaryId }: SummaryClosed,
  { open }: AlertsState,
  plan: SummaryPlan,
  context: DecisionContext,
): AlertEvent[] {
  if (closed?.summaryId !== summaryId) return [];
  const cause: Cause = { id: summaryId, occurredAt: closed.to };
  const words = summaryWords(closed, [...open.values()], plan);
  const notice = noticeOf(AlertLevel.Info, words, { ...cause, occurredAt: closed.dueAt });
  const subject = { id: summaryId, fingerprint: fingerprintOf('summary', {}) };
  return plan.channels.map((channel) => request(subject, channel, 'summary', notice, cause, context));
}
