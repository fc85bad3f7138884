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
} from '../../model/alerts.state';
import { type Cause, envelope } from '../../model/cause';
import type { Channel } from '../channel-route';
import { noticeFor } from './notices';
import type { PolicyContext } from '../settings';

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
  const { id: alertId, fingerprint, labels, incidentId } = alert;
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
      labels,
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

/** A repeat that waits has nothing to say any more when there is a newer message: none of it was sent so far. */
export function overtakenFacts(
  { notifications, pending }: Readonly<AlertsState>,
  { id }: AnyAlert,
  { name }: Channel,
  cause: Cause,
): readonly AlertEvent[] {
  const { notified, pending: underWay = 0 } = notifications.get(id) ?? {};
  if (underWay === 0 || notified?.get(name)?.kind !== 'repeated') return [];
  return [...pending.values()]
    .filter((one) => one.alertId === id && one.channel === name && one.kind === 'repeated')
    .filter(({ inFlight, ambiguous }) => !inFlight && !ambiguous)
    .map(({ deliveryId, alertId, channel, attempt }) =>
      createEvent(
        'delivery.abandoned',
        { deliveryId, alertId, channel, attempt, reason: 'superseded', detail: 'there is a newer message' },
        envelope(cause, 'delivery.abandoned', deliveryId),
      ),
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
