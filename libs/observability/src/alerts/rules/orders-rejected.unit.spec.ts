import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { alertsOptions } from '../../options/alerts.options';
import { Decisions, decisionContext } from '../testing/decisions';
import { rulesOf } from './registry';

const START = Date.UTC(2026, 0, 1, 3);
const SECOND = 1_000;
const at = (seconds: number) => ({ occurredAt: START + seconds * SECOND });
const order = (orderId: string, symbol = 'BTCUSDT') =>
  ({ symbol, strategy: 'grid', orderId, side: 'buy' }) as const;
const started = (): TradingEvent =>
  createEvent('symbol.started', { symbol: 'BTCUSDT', exchange: 'binance', strategy: 'grid' }, at(0));
const rejected = (seconds: number, orderId = `o${seconds}`, reason = 'insufficient balance'): TradingEvent =>
  createEvent('order.rejected', { ...order(orderId), reason }, at(seconds));
const placed = (seconds: number, orderId = `o${seconds}`): TradingEvent =>
  createEvent(
    'order.placed',
    { ...order(orderId), clientOrderId: 'c', orderType: 'post_only', price: '1', quantity: '1' },
    at(seconds),
  );
const stopped = (seconds: number): TradingEvent =>
  createEvent('symbol.stopped', { symbol: 'BTCUSDT', reason: 'operator' }, at(seconds));

/** The decisions about refused orders, with the second and the title of each decision. */
function decided(events: readonly TradingEvent[], untilSeconds: number, given = {}): readonly string[] {
  const options = alertsOptions.parse(given);
  const decisions = new Decisions(decisionContext({ rules: rulesOf(options), settings: options }));
  const all = events.flatMap((event) => decisions.on(event));
  return [...all, ...decisions.due(START + untilSeconds * SECOND)].flatMap((event) => {
    if (event.type !== 'alert.raised' && event.type !== 'alert.resolved') return [];
    if (event.data.condition !== 'orders_rejected') return [];
    const { level, title } = event.data.notice;
    return [`${(event.occurredAt - START) / SECOND} ${event.type} ${level} ${title}`];
  });
}

/** One refused order each 30 s. */
const refused = (fromSeconds: number, toSeconds: number): readonly TradingEvent[] =>
  Array.from({ length: (toSeconds - fromSeconds) / 30 + 1 }, (_, n) => rejected(fromSeconds + n * 30));

const RAISED = 'alert.raised ERROR Every order refused: binance';
const RESOLVED = 'alert.resolved ERROR Orders taken again: binance';

describe('a venue that refuses every order', () => {
  it('is alerted after five minutes, and resolved by an order that stands', () => {
    const events = [started(), ...refused(10, 340), placed(350)];
    expect(decided(events, 400)).toEqual([`310 ${RAISED}`, `351 ${RESOLVED}`]);
  });

  it('is alerted though it accepts each order before it refuses it', () => {
    const both = (seconds: number) => [
      placed(seconds, `p${seconds}`),
      rejected(seconds + 0.2, `p${seconds}`),
    ];
    const events = Array.from({ length: 12 }, (_, n) => both(n * 30)).flat();
    expect(decided([started(), ...events], 331)).toEqual([`300.2 ${RAISED}`]);
  });

  it('is none that refuses some of them', () => {
    const events = [started(), ...refused(0, 240), placed(250), ...refused(270, 330)];
    expect(decided(events, 400)).toEqual([]);
  });

  it('is none after a single refusal, however long ago', () => {
    expect(decided([started(), rejected(1)], 100_000)).toEqual([]);
  });

  it('is over when its symbol stops', () => {
    expect(decided([started(), ...refused(0, 300), stopped(305)], 400)).toEqual([
      `300 ${RAISED}`,
      `305 ${RESOLVED}`,
    ]);
  });

  it('is named by its symbol where nobody says which exchange it is', () => {
    expect(decided(refused(0, 300), 300)).toEqual(['300 alert.raised ERROR Every order refused: BTCUSDT']);
  });

  it('is alerted with its words, the number of orders and the limit', () => {
    const options = alertsOptions.parse({ ordersRejected: { after: '1m' } });
    const decisions = new Decisions(decisionContext({ rules: rulesOf(options), settings: options }));
    const events = decisions.on(started(), ...refused(0, 60));
    expect(events.find(({ type }) => type === 'alert.raised')?.data).toMatchObject({
      labels: { bot: 'opensqt', exchange: 'binance' },
      notice: {
        message:
          'The venue refused all 3 orders of binance for 1 min (limit 1 min), since 2026-01-01 03:00:00 UTC. Of the last one it says: insufficient balance.',
        fields: { Exchange: 'binance', Reason: 'insufficient balance' },
      },
    });
  });
});
