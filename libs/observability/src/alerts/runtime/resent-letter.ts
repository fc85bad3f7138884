import {
  type AlertEvent,
  type DeliveryRequested,
  type EpochMs,
  createEvent,
  derivedId,
} from '@opensqt/trading-events';
import { formatDateTime } from '../../format/time';
import type { AlertsState, DeadLetter } from '../model/alerts.state';
import type { Cause } from '../model/cause';
import { SAYS_THAT_IT_HOLDS } from '../model/delivery-fold';

/**
 * The request to send a dead letter again. Where its alert has ended since, the end follows: what the letter opens at its receiver would stay open.
 *
 * @param requestedAt wall clock
 */
export function resentFacts(
  { open, history, ids }: Readonly<AlertsState>,
  letter: DeadLetter,
  cause: Cause,
  { wallNow: requestedAt, timeZone }: { readonly wallNow: EpochMs; readonly timeZone: string },
): readonly AlertEvent[] {
  const { reason: _reason, detail: _detail, attempts: _attempts, covers: _covers, ...request } = letter;
  const { deliveryId: resendOf, alertId, kind, notice } = letter;
  const { id, occurredAt } = cause;
  const requested = (data: DeliveryRequested, causationId: string): AlertEvent =>
    createEvent('delivery.requested', data, { id: data.deliveryId, occurredAt, causationId });
  const again = requested({ ...request, deliveryId: id, resendOf, requestedAt }, resendOf);

  const isOpen = open.has(ids.get(alertId) ?? '');
  const ended = isOpen ? undefined : history.findLast((alert) => alert.id === alertId);
  const opens = SAYS_THAT_IT_HOLDS[kind] && kind !== 'digest'; // a digest opens nothing at its receiver
  if (!opens || ended?.resolvedAt === undefined) return [again];
  const { resendOf: _before, ...about } = request;
  const message = `It ended at ${formatDateTime(ended.resolvedAt, timeZone)}, before its message was sent again.`;
  const end = {
    ...about,
    deliveryId: derivedId('delivery', id, 'resolved'),
    kind: 'resolved',
    notice: { ...notice, title: ended.title, message, timestamp: ended.resolvedAt },
    requestedAt,
  } as const;
  return [again, requested(end, id)];
}
