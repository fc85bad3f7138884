import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { initialAlerts } from '../../alerts/model/alerts.state';
import { healthProjection } from '../../health/health.projection';
import { verdictOf } from '../../health/verdict';
import { metricsProjection } from '../../metrics/projection/metrics.projection';
import { ProjectedState } from '../../projections/projection';
import { consoleProjection } from '../state/console.projection';
import { symbolRows } from './symbol-rows';

const START = Date.UTC(2026, 0, 1);
const of = { symbol: 'BTCUSDT', strategy: 'grid' } as const;
const at = (seconds: number) => ({ occurredAt: START + seconds * 1_000 });

const started = (seconds = 0) => createEvent('symbol.started', { ...of, exchange: 'paper' }, at(seconds));
const sampled = (price: string, seconds: number) =>
  createEvent('market.sampled', { ...of, price, markPrice: price, unrealizedPnl: '0' }, at(seconds));
const holds = (entryPrice: string, seconds: number) =>
  createEvent(
    'position.changed',
    { ...of, size: '1', entryPrice, realizedPnl: '0', unrealizedPnl: '0' },
    at(seconds),
  );
const order = { ...of, side: 'buy', orderId: '1' } as const;
const placed = createEvent(
  'order.placed',
  { ...order, clientOrderId: 'c', orderType: 'limit', price: '59990', quantity: '1' },
  at(1),
);
const canceled = createEvent('order.canceled', { ...order, reason: 'requote' }, at(2));
const filled = (price: string, seconds: number) =>
  createEvent(
    'order.filled',
    {
      ...{ ...order, orderId: `${seconds}`, fillId: `${seconds}` },
      ...{ price, quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' },
    },
    at(seconds),
  );

function rowAfter(...events: readonly AnyEvent[]) {
  const [console, metrics, health] = [
    ProjectedState.of(consoleProjection),
    ProjectedState.of(metricsProjection),
    ProjectedState.of(healthProjection),
  ];
  events.forEach((event, index) => {
    const fact = { position: index + 1, bot: 'test', event };
    for (const state of [console, metrics, health]) state.foldLogged(fact, 'test');
  });
  const [row] = symbolRows({
    ...{ bot: 'test', position: events.length, head: events.length, time: START, wallTime: START },
    ...{ console: console.current, metrics: metrics.current, alerts: initialAlerts() },
    verdict: verdictOf(health.current, {}),
  });
  return row;
}

describe('the row of a symbol', () => {
  it('has of what comes late nothing that is newer already', () => {
    const row = rowAfter(
      ...[started(), holds('60', 9), holds('50', 8)],
      ...[filled('59', 9), filled('58', 8), sampled('61', 9), sampled('51', 8)],
    );
    expect(row).toMatchObject({
      ...{ price: '61', entry: '60', fills: 2 },
      lastFill: { at: START + 9_000 },
    });
  });

  it('has what a run says that starts at an earlier time', () => {
    const row = rowAfter(
      started(),
      sampled('61', 9),
      filled('59', 9),
      started(1),
      filled('58', 2),
      sampled('51', 3),
    );
    expect(row).toMatchObject({ price: '51', lastFill: { at: START + 2_000 } });
  });

  it('offers no order that is stated again after its end', () => {
    expect(rowAfter(started(), placed)).toMatchObject({ bid: '59990', resting: { buys: 1 } });
    expect(rowAfter(started(), placed, canceled, placed)).toMatchObject({ bid: null, resting: { buys: 0 } });
  });
});
