import { type AlertEvent, AlertLevel, createEvent, derivedId } from '@opensqt/trading-events';
import type { DailyTime } from '../../../summary/daily-time';
import { formatSummary } from '../../../summary/format-summary';
import type { ClosedPeriod } from '../../../summary/summary.state';
import type { AlertsState } from '../../model/alerts.state';
import { type Cause, noticeOf } from '../../model/cause';
import { fingerprintOf } from '../../model/fingerprint';
import { compareLevels } from '../../model/levels';
import { type Channel, LOG_CHANNEL } from '../channel-route';
import type { PolicyContext } from '../settings';

/** The time of the daily summary, and the channels in use that it is sent through. */
export interface SummaryPlan extends DailyTime {
  readonly channels: readonly string[];
}

/**
 * The channels that send the summary: those that are named, or else the log and whatever gets INFO, unless it would show the summary
 * as an incident.
 *
 * @throws Error when a channel is named that is not in use
 */
export function summaryChannels(
  routes: readonly Channel[],
  named: readonly string[] | undefined,
): readonly string[] {
  const unknown = named?.find((name) => !routes.some((route) => route.name === name));
  if (unknown !== undefined) {
    const inUse = routes.map(({ name }) => name).join(', ');
    throw new Error(`alerts.summary.channels: there is no channel '${unknown}'. In use: ${inUse}.`);
  }
  return named ?? routes.filter(getsSummaries).map(({ name }) => name);
}

function getsSummaries({ name, minLevel = AlertLevel.Info, unacknowledgedAfter, opensIncidents }: Channel) {
  if (name === LOG_CHANNEL) return true;
  return (
    compareLevels(AlertLevel.Info, minLevel) >= 0 && unacknowledgedAfter === undefined && !opensIncidents
  );
}

/** Requests the summary of a period from each channel. Silences, quiet hours and bursts do not concern it. */
export function notifySummary(
  closed: ClosedPeriod,
  { open }: AlertsState,
  plan: SummaryPlan,
  { bot, wallNow, settings }: Pick<PolicyContext, 'bot' | 'wallNow' | 'settings'>,
): AlertEvent[] {
  const { summaryId } = closed;
  const cause: Cause = { id: summaryId, occurredAt: closed.to };
  const text = formatSummary(closed, [...open.values()], plan, settings.timeZone);
  const notice = noticeOf(AlertLevel.Info, text, { ...cause, occurredAt: closed.dueAt });
  const fingerprint = fingerprintOf('summary', { bot });
  return plan.channels.map((channel) => {
    const deliveryId = derivedId('delivery', summaryId, channel);
    return createEvent(
      'delivery.requested',
      { deliveryId, alertId: summaryId, fingerprint, channel, kind: 'summary', notice, requestedAt: wallNow },
      { id: deliveryId, occurredAt: cause.occurredAt, causationId: summaryId },
    );
  });
}
