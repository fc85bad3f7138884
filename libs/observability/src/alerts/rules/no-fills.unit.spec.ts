import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { alertsOptions } from '../../options/alerts.options';
import { Decisions, decisionContext, inShort } from '../testing/decisions';
import { rulesOf } from './registry';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1, 3);
const options = alertsOptions.parse({ noFills: { after: '2h' } });
const at = (minutes: number) => ({ occurredAt: START + minutes * MINUTE });
const order = (orderId: string) => ({ symbol: 'BTCUSDT', strategy: 'grid', orderId, side: 'buy' }) as const;
const started = (minutes: number): TradingEvent =>
  createEvent('symbol.started', { symbol: 'BTCUSDT', exchange: 'paper', strategy: 'grid' }, at(minutes));
const placed = (minutes: number, orderId = 'o'): TradingEvent =>
  createEvent(
    'order.placed',
    { ...order(orderId), clientOrderId: 'c', orderType: 'post_only', price: '1', quantity: '1' },
    at(minutes),
  );
const canceled = (minutes: number, orderId = 'o'): TradingEvent =>
  createEvent('order.canceled', { ...order(orderId), reason: 'requote' }, at(minutes));
const filled = (minutes: number): TradingEvent =>
  createEvent(
    'order.filled',
    {
      ...order('o'),
      ...{ fillId: String(minutes), price: '1', quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' },
    },
    at(minutes),
  );
const lost = (minutes: number): TradingEvent =>
  createEvent(
    'exchange.disconnected',
    { exchange: 'paper', stream: 'orders', reason: 'x', reconnecting: true },
    at(minutes),
  );
const back = (minutes: number): TradingEvent =>
  createEvent(
    'exchange.reconnected',
    { exchange: 'paper', stream: 'orders', downtimeMs: 1, attempts: 1 },
    at(minutes),
  );
const trip = { reason: 'max_drawdown', value: '2', threshold: '1', cooldownMs: 1 };

/** The decisions about fills, with the title and the minute of each decision. */
function decided(events: readonly TradingEvent[], untilMinutes: number): readonly string[] {
  const decisions = new Decisions(decisionContext({ rules: rulesOf(options), settings: options }));
  const all = events.flatMap((event) => decisions.on(event));
  return [...all, ...decisions.due(START + untilMinutes * MINUTE)].flatMap((event) => {
    if (event.type !== 'alert.raised' && event.type !== 'alert.resolved') return [];
    if (event.data.condition !== 'no_fills') return [];
    const { level, title } = event.data.notice;
    return `${(event.occurredAt - START) / MINUTE} ${event.type} ${level} ${title}`;
  });
}

describe('no_fills', () => {
  it('is raised once a symbol that was filled has had no fill for that long, and resolved by the next one', () => {
    expect(decided([started(0), placed(0), filled(10), filled(200)], 200)).toEqual([
      '130 alert.raised WARNING No fills: BTCUSDT',
      '200 alert.resolved WARNING Fills again: BTCUSDT',
    ]);
  });

  it('names the symbol, the limit and the time since when', () => {
    const decisions = new Decisions(decisionContext({ rules: rulesOf(options), settings: options }));
    decisions.on(started(0), filled(10), placed(20, 'p'));
    const [raised] = decisions.due(START + 130 * MINUTE);
    expect(raised?.data).toMatchObject({
      labels: { bot: 'opensqt', symbol: 'BTCUSDT' },
      notice: {
        message:
          'No order of BTCUSDT was filled for 2 h (limit 2 h), since 2026-01-01 03:10:00 UTC. No breaker is open for it, and its exchange is connected.',
        fields: { 'Resting orders': '1', 'Last fill': '2026-01-01 03:10:00 UTC' },
      },
    });
  });

  it('is raised of a symbol that never had a fill while an order rests', () => {
    expect(decided([started(0), placed(5)], 125)).toEqual(['125 alert.raised WARNING No fills: BTCUSDT']);
    expect(decided([started(0), placed(5), canceled(6)], 500)).toEqual([]);
    expect(decided([started(0)], 500)).toEqual([]);
  });

  it('is said once, however often it is looked at', () => {
    const decisions = new Decisions(decisionContext({ rules: rulesOf(options), settings: options }));
    decisions.on(started(0), filled(10));
    expect(inShort(decisions.due(START + 131 * MINUTE))[0]).toBe('alert.raised');
    expect(decisions.due(START + 140 * MINUTE)).toEqual([]);
    expect(decisions.on(placed(150, 'p'), canceled(151, 'p'))).toEqual([]);
  });

  it.each<[string, TradingEvent, TradingEvent]>([
    ['is stopped', createEvent('symbol.stopped', { symbol: 'BTCUSDT', reason: 'x' }, at(60)), started(300)],
    ['is halted by its breaker', tripped('BTCUSDT'), reset('BTCUSDT')],
    ['is halted by the global breaker', tripped('global'), reset('global')],
    ['has lost its exchange', lost(60), back(300)],
    [
      'has panicked',
      createEvent(
        'strategy.panicked',
        { symbol: 'BTCUSDT', strategy: 'grid', error: { name: 'E', message: 'e' } },
        at(60),
      ),
      createEvent('strategy.restarted', { symbol: 'BTCUSDT', strategy: 'grid', attempt: 1 }, at(300)),
    ],
  ])('is not raised while the symbol %s, and then only after as long again', (_, pause, resumed) => {
    expect(decided([started(0), filled(10), pause], 299)).toEqual([]);
    expect(decided([started(0), filled(10), pause, resumed], 419)).toEqual([]);
    expect(decided([started(0), filled(10), pause, resumed], 420)).toEqual([
      '420 alert.raised WARNING No fills: BTCUSDT',
    ]);
  });

  it('is resolved when the symbol stops', () => {
    const stopped = createEvent('symbol.stopped', { symbol: 'BTCUSDT', reason: 'x' }, at(150));
    expect(decided([started(0), filled(10), stopped], 150)[1]).toBe(
      '150 alert.resolved WARNING No fills expected: BTCUSDT',
    );
  });

  it('is off unless configured', () => {
    expect(rulesOf(alertsOptions.parse({})).map(({ condition }) => condition)).not.toContain('no_fills');
  });
});

function tripped(scope: string): TradingEvent {
  return createEvent('circuit_breaker.tripped', { scope, ...trip }, at(60));
}

function reset(scope: string): TradingEvent {
  return createEvent('circuit_breaker.reset', { scope, by: 'eve' }, at(300));
}
