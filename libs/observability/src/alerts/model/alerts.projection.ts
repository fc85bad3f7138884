import type { AlertEvent, AnyEvent } from '@opensqt/trading-events';
import type { Projection } from '../../projections/projection';
import {
  type Codec,
  asIs,
  codecOf,
  listOf,
  mapOf,
  optional,
  recordOf,
  setOf,
} from '../../projections/state-codec';
import { evolveAlerts } from './alert-fold';
import {
  type AlertsState,
  type Digest,
  type EndedAlert,
  type Incident,
  type Notifications,
  initialAlerts,
} from './alerts.state';

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

const owedCodec = setOf<string>();

const ended: Codec<readonly EndedAlert[]> = {
  encode: (list) => list.map(({ owed, ...alert }) => ({ ...alert, owed: [...owed] })),
  decode: (encoded) =>
    (encoded as readonly (Omit<EndedAlert, 'owed'> & { readonly owed: unknown })[]).map(
      ({ owed, ...alert }) => ({ ...alert, owed: owedCodec.decode(owed) }),
    ),
};

/** The alerts, silences and the delivery queue, folded from the alerts' own events. */
export const alertsProjection: Projection<AlertsState, AlertEvent['type']> = {
  name: 'alerts',
  version: 10,
  handles: HANDLES,
  initial: initialAlerts,
  evolve: evolveAlerts,
  ...codecOf<AlertsState>({
    open: mapOf(asIs()),
    ids: mapOf(asIs()),
    conditions: mapOf(asIs()),
    counted: {
      encode: ({ alerts }) => ({ alerts }),
      decode: (encoded) => ({ ...(encoded as { alerts: number }) }),
    },
    history: listOf(),
    undecided: setOf(),
    ended: mapOf(ended),
    silences: mapOf(asIs()),
    pending: mapOf(asIs()),
    deadLetters: mapOf(asIs()),
    channels: mapOf(asIs()),
    notifications: mapOf(
      recordOf<Notifications>({
        notified: mapOf(asIs()),
        holds: mapOf(asIs()),
        shown: mapOf(asIs()),
        pending: asIs(),
      }),
    ),
    digests: mapOf(
      recordOf<Digest>({
        since: asIs(),
        dueAt: asIs(),
        throttles: asIs(),
        entries: mapOf(asIs()),
        more: optional(asIs()),
      }),
    ),
    traffic: mapOf(asIs()),
    incidents: mapOf(
      recordOf<Incident>({
        since: asIs(),
        open: mapOf(asIs()),
        story: asIs(),
        leftOut: asIs(),
        endedAt: optional(asIs()),
        ends: asIs(),
      }),
    ),
    changes: mapOf(asIs()),
  }),
};

/** True for the events that the alerts state themselves. */
export function isAlertEvent(event: AnyEvent): event is AlertEvent {
  return event.source === 'alerts';
}
