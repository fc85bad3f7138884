import {
  type AlertLevel,
  type AlertEvent,
  type AlertNotice,
  type EpochMs,
  type NoticeKind,
  type SuppressionReason,
  createEvent,
  derivedId,
} from '@opensqt/trading-events';
import type { AlertsState, OpenAlert } from '../model/alerts.state';
import { type Cause, envelope } from '../model/cause';
import type { DecisionContext } from './decision-context';
import { isThrottled } from './throttle';
import { isFolded } from './incident';
import { route } from './route';
import { silenceOf } from './silence';

/** The subject of a message. */
export type Subject = Pick<OpenAlert, 'id' | 'fingerprint' | 'condition' | 'labels' | 'incidentId'>;

/** Notifies the channels: silence, route, incident and throttle decide for each, in this order, and say why not. */
export function notify(
  state: AlertsState,
  subject: Subject,
  kind: NoticeKind,
  notice: AlertNotice,
  cause: Cause,
  context: DecisionContext,
): AlertEvent[] {
  const { level } = notice;
  const now = cause.occurredAt;
  const silenced = silenceOf(state.silences.values(), subject, now) !== undefined;
  return route(context.routes, { ...subject, level, silenced, now }).map((verdict) => {
    const { channel } = verdict;
    if (!verdict.notified) return suppress(subject, verdict.reason, level, cause, verdict);
    if (isFolded(state, subject, channel, level, kind)) {
      return suppress(subject, 'part_of_incident', level, cause, { channel });
    }
    return isThrottled(state.traffic.get(channel), { channel, level, now }, context.settings)
      ? suppress(subject, 'grouped', level, cause, { channel })
      : request(subject, channel, kind, notice, cause, context);
  });
}

/** Requests a message from a channel. */
export function request(
  { id: alertId, fingerprint, incidentId }: Pick<Subject, 'id' | 'fingerprint' | 'incidentId'>,
  channel: string,
  kind: NoticeKind,
  notice: AlertNotice,
  cause: Cause,
  { wallNow }: DecisionContext,
): AlertEvent {
  const deliveryId = derivedId('delivery', alertId, kind, channel, cause.id);
  const data = {
    deliveryId,
    alertId,
    fingerprint,
    channel,
    kind,
    notice,
    requestedAt: wallNow,
    ...(incidentId === undefined ? {} : { incidentId }),
  };
  return createEvent('delivery.requested', data, { ...envelope(cause), id: deliveryId });
}

/** Says why nobody is notified, or the one channel that is named. */
export function suppress(
  { id: alertId, fingerprint, condition }: Subject,
  reason: SuppressionReason,
  level: AlertLevel,
  cause: Cause,
  { channel, until }: { readonly channel?: string; readonly until?: EpochMs } = {},
): AlertEvent {
  const data = {
    alertId,
    fingerprint,
    condition,
    reason,
    level,
    ...(channel === undefined ? {} : { channel }),
    ...(until === undefined ? {} : { until }),
  };
  return createEvent(
    'alert.suppressed',
    data,
    envelope(cause, 'alert.suppressed', fingerprint, reason, channel ?? ''),
  );
}
