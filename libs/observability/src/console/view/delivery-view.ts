import type { AlertsState, ChannelState, DeadLetter, PendingDelivery } from '../../alerts/model/alerts.state';
import type { Channel } from '../../alerts/policy/channel-route';
import { matcherText, parseMatchers } from '../../alerts/policy/stages/matchers';
import type { MetricsState } from '../../metrics/projection/metrics.state';
import type { ChannelView, DeliveryView } from '../api/delivery';
import { bucketQuantile } from './overview-view';

const MAX_LISTED = 500;
/** Outcomes of attempts that are made again. */
const RETRIED = ['ambiguous', 'rate_limited', 'transient', 'broken'];

/** The states that the view of deliveries is made of. */
export interface DeliverySources {
  readonly position: number;
  /** Wall clock. */
  readonly now: number;
  /** The channels in use. */
  readonly channels: readonly Channel[];
  readonly alerts: Readonly<AlertsState>;
  readonly metrics: MetricsState;
}

/** The channels, with what waits for them, what was given up and what is silenced. */
export function deliveryView(sources: DeliverySources): DeliveryView {
  const { position, channels, alerts } = sources;
  const { pending, deadLetters, silences } = alerts;
  return {
    position,
    totals: { waiting: pending.size, deadLetters: deadLetters.size, silences: silences.size },
    channels: channels.map((channel) => channelView(channel, sources)),
    waiting: [...pending.values()].slice(0, MAX_LISTED).map((message) => ({
      ...sent(message),
      ...{ attempt: message.attempt, nextAttemptWall: message.nextAttemptAt, inFlight: message.inFlight },
    })),
    deadLetters: [...deadLetters.values()]
      .slice(-MAX_LISTED)
      .reverse()
      .map((letter) => ({ ...sent(letter), ...reasonOf(letter) })),
    silences: [...silences.values()].slice(-MAX_LISTED).map(({ startsAt, atOnce: _atOnce, ...silence }) => ({
      ...silence,
      matchers: Array.isArray(silence.matchers)
        ? [...(silence.matchers as readonly string[])]
        : { ...(silence.matchers as Readonly<Record<string, string>>) },
      startsAt: startsAt ?? null,
    })),
  };
}

function channelView({ name, minLevel, match }: Channel, sources: DeliverySources): ChannelView {
  const { alerts, metrics, now } = sources;
  const outcomes = metrics.deliveries.get(name);
  const latency = metrics.deliveryLatency.get(name);
  const count = (outcome: string): number => outcomes?.get(outcome) ?? 0;
  const letters = [...alerts.deadLetters.values()].filter(({ channel }) => channel === name);
  const delivered = count('delivered');
  return {
    channel: name,
    ...stateOf(alerts.channels.get(name), delivered, now),
    minLevel: minLevel ?? 'INFO',
    match: match === undefined ? [] : parseMatchers(match).map(matcherText),
    waiting: [...alerts.pending.values()].filter(({ channel }) => channel === name).length,
    delivered,
    retried: RETRIED.reduce((sum, outcome) => sum + count(outcome), 0),
    deadLetters: letters.length,
    latency:
      latency === undefined || latency.count === 0
        ? null
        : { p50: bucketQuantile([latency], 0.5), p99: bucketQuantile([latency], 0.99) },
  };
}

function stateOf(
  state: ChannelState | undefined,
  delivered: number,
  now: number,
): Pick<ChannelView, 'state' | 'reason' | 'sinceWall' | 'pausedUntilWall'> {
  const none = { reason: null, sinceWall: null, pausedUntilWall: null };
  if (state?.broken !== undefined) {
    const { reason, since } = state.broken;
    return { ...none, state: 'broken', reason, sinceWall: since };
  }
  if (state !== undefined && state.pausedUntil > now)
    return {
      ...none,
      state: 'paused',
      reason: 'the provider asked for a pause',
      pausedUntilWall: state.pausedUntil,
    };
  return { ...none, state: delivered > 0 ? 'delivers' : 'unproven' };
}

function sent({ deliveryId, alertId, channel, kind, notice, requestedAt }: PendingDelivery | DeadLetter) {
  const { level, title } = notice;
  return { deliveryId, alertId, channel, kind, level, title, requestedWall: requestedAt };
}

function reasonOf({ reason, detail, attempts }: DeadLetter) {
  return { reason, detail, attempts };
}
