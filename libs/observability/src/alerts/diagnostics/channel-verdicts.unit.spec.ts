import { EVENT_TYPES, type TradingEvent, createEvent } from '@opensqt/trading-events';
import { isAlertEvent } from '../model/alerts.projection';
import type { Channel } from '../policy/channel-route';
import { extremeEvents } from '../policy/testing/extreme-events';
import { Decisions, decisionContext } from '../testing/decisions';
import { channelVerdicts } from './channel-verdicts';

const NOON = Date.UTC(2026, 5, 1, 12);
const NIGHT = { from: '22:00', to: '07:00', timeZone: 'UTC' };
const CHANNELS: readonly Channel[] = [
  { name: 'log' },
  { name: 'all' },
  { name: 'errors', minLevel: 'ERROR' },
  { name: 'btc', match: ['symbol=BTCUSDT'] },
  { name: 'not_risk', match: ['condition!~risk.*'], minLevel: 'WARNING' },
  { name: 'asleep', quietHours: NIGHT },
  { name: 'second', unacknowledgedAfter: 60_000 },
];

const breach = (severity: 'warning' | 'error', occurredAt: number) =>
  createEvent(
    'risk.limit_breached',
    { scope: 'BTCUSDT', limit: 'max_position', value: '2', threshold: '1', severity },
    { occurredAt },
  );
const tripped = (occurredAt: number) =>
  createEvent(
    'circuit_breaker.tripped',
    { scope: 'ETHUSDT', reason: 'max_drawdown', value: '6', threshold: '5', cooldownMs: 1 },
    { occurredAt },
  );
const panicked = (occurredAt: number) =>
  createEvent(
    'strategy.panicked',
    { symbol: 'BTCUSDT', strategy: 'grid', error: { name: 'Error', message: 'boom' } },
    { occurredAt },
  );
const fill = (occurredAt: number) =>
  createEvent(
    'order.filled',
    {
      ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: 'o', fillId: 'f', side: 'buy', price: '30000' },
      ...{ quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' },
    },
    { occurredAt },
  );
const lost = (occurredAt: number) =>
  createEvent(
    'exchange.disconnected',
    { exchange: 'paper', stream: 'market', reason: 'x', reconnecting: true },
    { occurredAt },
  );

const EVENTS: readonly TradingEvent[] = [NOON, NOON + 11 * 3_600_000].flatMap((at) => [
  ...[breach('warning', at), breach('error', at), tripped(at), panicked(at), fill(at), lost(at)],
  ...EVENT_TYPES.flatMap((type) => extremeEvents(type, at)).filter(
    (event): event is TradingEvent => !isAlertEvent(event) && event.occurredAt === at,
  ),
]);

/** The channels that are sent a message about an event when it is decided on as production does. */
function sentTo(event: TradingEvent): readonly string[] {
  const decisions = new Decisions(decisionContext({ channels: CHANNELS, now: event.occurredAt }));
  const alerts = new Map<string, string[]>();
  for (const decided of decisions.on(event)) {
    if (decided.type !== 'delivery.requested') continue;
    alerts.set(decided.data.alertId, [...(alerts.get(decided.data.alertId) ?? []), decided.data.channel]);
  }
  return [...alerts.values()].flatMap((channels) => channels.toSorted());
}

/** The channels that `route` says would be. */
function saidToBe(event: TradingEvent): readonly string[] {
  const alerts: string[][] = [];
  for (const line of channelVerdicts(event, decisionContext({ channels: CHANNELS }))) {
    if (/^(INFO|WARNING|ERROR|CRITICAL) /.test(line)) alerts.push([]);
    const [, channel] = /^(\w+): notified$/.exec(line) ?? [];
    if (channel !== undefined) alerts.at(-1)?.push(channel);
  }
  return alerts.flatMap((channels) => channels.toSorted());
}

describe('route', () => {
  it('names the channels that an event is sent to when it happens', () => {
    const differing = EVENTS.filter((event) => sentTo(event).join() !== saidToBe(event).join());
    expect(differing.map(({ id, type }) => ({ id, type }))).toEqual([]);
    expect(sentTo(breach('warning', NOON))).toEqual(['all', 'asleep', 'btc', 'log']);
    expect(sentTo(fill(NOON + 11 * 3_600_000))).toEqual(['all', 'btc', 'log']);
  });
});
