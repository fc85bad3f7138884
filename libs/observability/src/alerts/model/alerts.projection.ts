import {
  AlertLevel,
  type AlertEvent,
  type AlertRaised,
  type AlertResolved,
  type DeliveryAbandoned,
  type EpochMs,
  type FactOf,
  type NoticeKind,
  type SuppressionReason,
  type AnyEvent,
  assertNever,
} from '@opensqt/trading-events';
import type { Projection } from '../../projections/projection';
import { asIs, codecOf, listOf, mapOf, optional, recordOf } from '../../projections/state-codec';
import { afterRequest, afterThrottling } from '../policy/throttle';
import { extend, join, leave } from '../policy/incident-story';
import {
  type Alert,
  type AlertsState,
  type ChannelState,
  type ChannelTraffic,
  type Incident,
  type OpenAlert,
  type PendingDelivery,
  type Throttled,
  type TriggerOutcome,
  type Triggers,
  initialAlerts,
  pendingDelivery,
  wordsOf,
} from './alerts.state';

/** Ended alerts that are kept at hand; older ones are in the log. */
const HISTORY_LENGTH = 1_000;

/** Dead letters that can be sent again; older ones are only in the log. */
const DEAD_LETTERS_KEPT = 1_000;

const HANDLES = [
  'alert.raised',
  'alert.escalated',
  'alert.suppressed',
  'alert.acknowledged',
  'alert.resolved',
  'silence.created',
  'silence.expired',
  'delivery.requested',
  'delivery.started',
  'delivery.succeeded',
  'delivery.failed',
  'delivery.abandoned',
] as const satisfies readonly AlertEvent['type'][];

/** True for the kinds of messages that say that the alert holds: a channel that got one gets its end, too. */
const SAYS_THAT_IT_HOLDS: Readonly<Record<NoticeKind, boolean>> = {
  raised: true,
  escalated: true,
  repeated: true,
  acknowledged: false,
  resolved: false,
  digest: false,
  summary: false,
  test: false,
};

/** The alerts, silences and the delivery queue, folded from the alerts' own events. */
export const alertsProjection: Projection<AlertsState, AlertEvent['type']> = {
  name: 'alerts',
  version: 3,
  handles: HANDLES,
  initial: initialAlerts,
  evolve: evolveAlerts,
  ...codecOf<AlertsState>({
    open: mapOf(asIs()),
    history: listOf(),
    silences: mapOf(asIs()),
    pending: mapOf(asIs()),
    deadLetters: mapOf(asIs()),
    postponed: mapOf(asIs()),
    traffic: mapOf(
      recordOf<ChannelTraffic>({
        requestedAt: asIs(),
        held: optional(recordOf<Throttled>({ since: asIs(), counts: mapOf(asIs()) })),
      }),
    ),
    incidents: mapOf(
      recordOf<Incident>({
        since: asIs(),
        open: mapOf(asIs()),
        story: asIs(),
        leftOut: asIs(),
        endedAt: optional(asIs()),
      }),
    ),
    channels: mapOf(asIs()),
    triggers: mapOf(
      recordOf<Triggers>({ outcomes: mapOf(asIs()), references: mapOf(asIs()), pending: asIs() }),
    ),
  }),
};

/** True for the events that the alerts state themselves. */
export function isAlertEvent(event: AnyEvent): event is AlertEvent {
  return event.source === 'alerts';
}

/** Folds one of the alerts' own events in. */
export function evolveAlerts(state: AlertsState, event: FactOf<AlertEvent['type']>): AlertsState {
  switch (event.type) {
    case 'alert.raised':
      raise(state, event.data, event.occurredAt);
      break;
    case 'alert.escalated': {
      const { notice, fingerprint } = event.data;
      const alert = state.open.get(fingerprint);
      if (alert !== undefined) extend(state, alert, notice.title, event.occurredAt);
      changeOpen(state, fingerprint, ({ escalatesAt: _due, ...alert }) => ({
        ...alert,
        ...wordsOf(notice),
        updatedAt: event.occurredAt,
        notifiedAt: event.occurredAt,
      }));
      break;
    }
    case 'alert.suppressed':
      if (event.data.reason === 'grouped' && event.data.channel !== undefined) {
        const { channel, condition, level = AlertLevel.Info } = event.data;
        const held = { condition, level, at: event.occurredAt };
        state.traffic.set(channel, afterThrottling(state.traffic.get(channel), held));
      }
      if (event.data.until !== undefined && event.data.channel !== undefined) {
        const { alertId, fingerprint, channel, reason, until } = event.data;
        state.postponed.set(postponedKey(alertId, channel), { alertId, fingerprint, channel, reason, until });
      }
      if (event.data.reason === 'duplicate') {
        changeOpen(state, event.data.fingerprint, (alert) => ({
          ...alert,
          repeats: alert.repeats + 1,
          updatedAt: event.occurredAt,
        }));
      }
      break;
    case 'alert.acknowledged':
      changeOpen(state, event.data.fingerprint, (alert) =>
        alert.id === event.data.alertId ? { ...alert, acknowledgedBy: event.data.by } : alert,
      );
      dropPostponed(state, event.data.alertId, 'awaiting_acknowledgement');
      break;
    case 'alert.resolved':
      resolve(state, event.data, event.occurredAt);
      break;
    case 'silence.created':
      state.silences.set(event.data.silenceId, event.data);
      break;
    case 'silence.expired':
      state.silences.delete(event.data.silenceId);
      break;
    case 'summary.closed':
      break;
    case 'delivery.requested': {
      const { kind, alertId, channel, fingerprint } = event.data;
      state.pending.set(event.data.deliveryId, pendingDelivery(event.data));
      if (kind === 'digest') state.traffic.set(channel, { requestedAt: [], held: undefined });
      else if (kind !== 'summary')
        state.traffic.set(channel, afterRequest(state.traffic.get(channel), event.occurredAt));
      state.postponed.delete(postponedKey(alertId, channel));
      if (event.data.resendOf !== undefined) state.deadLetters.delete(event.data.resendOf);
      const triggers = triggersOf(state, alertId);
      triggers.pending += 1;
      if (SAYS_THAT_IT_HOLDS[kind] && triggers.outcomes.get(channel) !== 'delivered')
        triggers.outcomes.set(channel, 'pending');
      if (kind === 'repeated') {
        changeOpen(state, fingerprint, (alert) => ({ ...alert, notifiedAt: event.occurredAt }));
      }
      break;
    }
    case 'delivery.started':
      changePending(state, event.data.deliveryId, { attempt: event.data.attempt, inFlight: true });
      break;
    case 'delivery.succeeded': {
      const delivery = state.pending.get(event.data.deliveryId);
      changeChannel(state, event.data.channel, ({ pausedUntil }) => ({ pausedUntil }));
      if (delivery !== undefined) {
        keepReference(state, delivery, event.data.reference);
        end(state, delivery, 'delivered');
      }
      break;
    }
    case 'delivery.failed': {
      const { deliveryId, channel, attempt, outcome, nextAttemptAt, pausedUntil } = event.data;
      changePending(state, deliveryId, {
        attempt: outcome === 'rate_limited' ? attempt - 1 : attempt,
        nextAttemptAt,
        inFlight: false,
        ...(outcome === 'ambiguous' ? { ambiguous: true } : {}),
      });
      if (pausedUntil !== undefined) {
        changeChannel(state, channel, (before) => ({
          ...before,
          pausedUntil: Math.max(before.pausedUntil, pausedUntil),
        }));
      }
      break;
    }
    case 'delivery.abandoned': {
      const { deliveryId, channel, reason, detail } = event.data;
      const delivery = state.pending.get(deliveryId);
      if (reason === 'broken') {
        changeChannel(state, channel, (before) => ({
          ...before,
          broken: before.broken ?? { reason: detail, since: event.occurredAt },
        }));
      }
      if (delivery !== undefined) {
        abandon(state, delivery, event.data);
        end(state, delivery, 'abandoned');
      }
      break;
    }
    default:
      assertNever(event);
  }
  return state;
}

function raise(state: AlertsState, raised: AlertRaised, occurredAt: EpochMs): void {
  const { alertId, fingerprint, condition, labels, notice, oneOff, incidentId, escalatesAt } = raised;
  const alert: OpenAlert = {
    id: alertId,
    fingerprint,
    condition,
    labels,
    ...wordsOf(notice),
    status: oneOff ? 'one_off' : 'open',
    since: occurredAt,
    updatedAt: occurredAt,
    notifiedAt: occurredAt,
    repeats: 0,
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(escalatesAt === undefined ? {} : { escalatesAt }),
  };
  const open = state.open.get(fingerprint);
  if (oneOff || open === undefined) join(state, alert, occurredAt);
  if (oneOff) remember(state, alert);
  else if (open === undefined) state.open.set(fingerprint, alert);
  // Two processes on one log raised it at the same moment.
  else state.open.set(fingerprint, { ...open, repeats: open.repeats + 1, updatedAt: occurredAt });
}

function resolve(state: AlertsState, resolved: AlertResolved, resolvedAt: EpochMs): void {
  const alert = state.open.get(resolved.fingerprint);
  // Another process may have resolved it before, and what is open now be the next of its kind.
  if (alert?.id !== resolved.alertId) return;
  state.open.delete(resolved.fingerprint);
  dropPostponed(state, alert.id);
  leave(state, alert, resolved.notice.title, resolvedAt);
  remember(state, { ...alert, status: 'resolved', resolvedAt, updatedAt: resolvedAt });
}

function postponedKey(alertId: string, channel: string): string {
  return `${alertId}\u0000${channel}`;
}

function dropPostponed(state: AlertsState, alertId: string, reason?: SuppressionReason): void {
  for (const [key, postponed] of state.postponed) {
    const concerned = postponed.alertId === alertId && (reason === undefined || postponed.reason === reason);
    if (concerned) state.postponed.delete(key);
  }
}

function remember(state: AlertsState, alert: Alert | OpenAlert): void {
  const { notifiedAt: _notifiedAt, escalatesAt: _due, ...kept } = { notifiedAt: 0, escalatesAt: 0, ...alert };
  state.history.push(kept);
  const oldest = state.history.length > HISTORY_LENGTH ? state.history.shift() : undefined;
  if (oldest !== undefined) forgetTriggers(state, oldest);
}

function changeOpen(state: AlertsState, fingerprint: string, change: (alert: OpenAlert) => OpenAlert): void {
  const alert = state.open.get(fingerprint);
  if (alert !== undefined) state.open.set(fingerprint, change(alert));
}

function changePending(state: AlertsState, deliveryId: string, change: Partial<PendingDelivery>): void {
  const delivery = state.pending.get(deliveryId);
  if (delivery !== undefined) state.pending.set(deliveryId, { ...delivery, ...change });
}

function changeChannel(
  state: AlertsState,
  channel: string,
  change: (before: ChannelState) => ChannelState,
): void {
  state.channels.set(channel, change(state.channels.get(channel) ?? { pausedUntil: 0 }));
}

function end(state: AlertsState, delivery: PendingDelivery, outcome: TriggerOutcome): void {
  state.pending.delete(delivery.deliveryId);
  const triggers = triggersOf(state, delivery.alertId);
  triggers.pending -= 1;
  if (SAYS_THAT_IT_HOLDS[delivery.kind]) closeTrigger(state, triggers, delivery, outcome);
  forgetTriggers(state, { id: delivery.alertId, fingerprint: delivery.fingerprint });
}

/** One message that arrived is enough; the trigger is abandoned once none did and none is on its way. */
function closeTrigger(
  state: AlertsState,
  { outcomes, pending }: Triggers,
  { alertId, channel }: PendingDelivery,
  outcome: TriggerOutcome,
): void {
  if (outcomes.get(channel) === 'delivered') return;
  const another =
    outcome === 'abandoned' &&
    pending > 0 &&
    [...state.pending.values()].some(
      (other) => other.alertId === alertId && other.channel === channel && SAYS_THAT_IT_HOLDS[other.kind],
    );
  outcomes.set(channel, another ? 'pending' : outcome);
}

/** A raise that is sent again late does not take the place of the message that shows the present. */
function keepReference(
  state: AlertsState,
  { alertId, channel, kind }: PendingDelivery,
  reference: string | undefined,
): void {
  const { references } = triggersOf(state, alertId);
  if (reference === undefined || (kind === 'raised' && references.has(channel))) return;
  references.set(channel, reference);
}

function abandon(
  state: AlertsState,
  {
    attempt: attempts,
    nextAttemptAt: _next,
    inFlight: _flight,
    ambiguous: _ambiguous,
    ...request
  }: PendingDelivery,
  { reason, detail }: DeliveryAbandoned,
): void {
  state.deadLetters.set(request.deliveryId, { ...request, reason, detail, attempts });
  for (const eldest of state.deadLetters.keys()) {
    if (state.deadLetters.size <= DEAD_LETTERS_KEPT) return;
    state.deadLetters.delete(eldest);
  }
}

function triggersOf(state: AlertsState, alertId: string): Triggers {
  let triggers = state.triggers.get(alertId);
  if (triggers === undefined) {
    triggers = { outcomes: new Map(), references: new Map(), pending: 0 };
    state.triggers.set(alertId, triggers);
  }
  return triggers;
}

/** The outcomes of an alert's messages matter until it is closed and the last of them, which may be its resolve, has ended. */
function forgetTriggers(state: AlertsState, alert: Pick<Alert, 'id' | 'fingerprint'>): void {
  const isOpen = state.open.get(alert.fingerprint)?.id === alert.id;
  if (!isOpen && (state.triggers.get(alert.id)?.pending ?? 0) === 0) state.triggers.delete(alert.id);
}
