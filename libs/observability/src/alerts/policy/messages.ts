import {
  type AlertEvent,
  type EpochMs,
  type NoticeKind,
  type SuppressionReason,
  createEvent,
  derivedId,
} from '@opensqt/trading-events';
import {
  type Alert,
  type AlertsState,
  type EndedAlert,
  type OpenAlert,
  notifiedOf,
} from '../model/alert-state';
import type { Cause } from '../model/cause';
import type { Channel } from './channel-route';
import { noticeFor } from './notices';
import type { PolicyContext } from './settings';

type AnyAlert = OpenAlert | EndedAlert | Alert;

/** The request to send a channel that kind of message about an alert. */
export function messageFact(
  state: Readonly<AlertsState>,
  alert: AnyAlert,
  channel: Channel,
  kind: NoticeKind,
  cause: Cause,
  context: PolicyContext,
): AlertEvent {
  const { id: alertId, fingerprint, incidentId } = alert;
  const deliveryId = derivedId('delivery', alertId, kind, channel.name, cause.id);
  return createEvent(
    'delivery.requested',
    {
      deliveryId,
      alertId,
      fingerprint,
      channel: channel.name,
      kind,
      notice: noticeFor(alert, kind, channel, state, context),
      requestedAt: context.wallNow,
      ...(incidentId === undefined ? {} : { incidentId }),
    },
    { id: deliveryId, occurredAt: cause.occurredAt, causationId: alertId },
  );
}

/** Says why a channel is not notified of an alert. */
export function holdFact(
  {
    id: alertId,
    fingerprint,
    condition,
    level,
  }: Pick<AnyAlert, 'id' | 'fingerprint' | 'condition' | 'level'>,
  { name: channel }: Pick<Channel, 'name'>,
  { reason, until }: { readonly reason: SuppressionReason; readonly until?: EpochMs },
  cause: Cause,
): AlertEvent {
  return createEvent(
    'alert.suppressed',
    {
      alertId,
      fingerprint,
      condition,
      reason,
      level,
      channel,
      ...(until === undefined ? {} : { until }),
    },
    {
      id: derivedId(cause.id, 'alert.suppressed', alertId, reason, channel),
      occurredAt: cause.occurredAt,
      causationId: alertId,
    },
  );
}

/** A channel that was just notified of an alert need not be notified any more that the one before of its kind ended. */
export function supersededFacts(
  state: Readonly<AlertsState>,
  { fingerprint, id }: OpenAlert | Alert | EndedAlert,
  channel: Channel,
  cause: Cause,
): readonly AlertEvent[] {
  if (notifiedOf(state, id, channel.name) === undefined) return [];
  return (state.ended.get(fingerprint) ?? [])
    .filter(({ owed }) => owed.has(channel.name))
    .map((ended) => holdFact(ended, channel, { reason: 'superseded' }, cause));
}
