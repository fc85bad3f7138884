import { type AnyEvent, type DataOf, createEvent } from '@opensqt/trading-events';
import { renderMetrics } from '../text/render-metrics';
import type { MetricsSource } from '../catalogue/metrics-source';
import { metricsProjection } from './metrics.projection';

const NOON = 1_700_000_000_000;
const order = { symbol: 'BTCUSDT', strategy: 'grid', orderId: '1', side: 'buy' } as const;
const started = createEvent(
  'symbol.started',
  { symbol: 'BTCUSDT', exchange: 'paper', strategy: 'grid' },
  { occurredAt: NOON },
);
const log = {
  ...{
    position: 0,
    queueDepth: 0,
    queueCapacity: 0,
    refused: 0,
    first: 1,
    writerRestarts: 0,
    lagMs: 0,
    appendMs: 0,
  },
};

const placed = (at: number, orderId = '1') =>
  createEvent(
    'order.placed',
    { ...order, orderId, clientOrderId: 'c', orderType: 'limit', quantity: '1' },
    { occurredAt: NOON + at },
  );
const filled = (at: number, data: Partial<DataOf<'order.filled'>> = {}) =>
  createEvent(
    'order.filled',
    {
      ...{ ...order, fillId: String(at), price: '100', quantity: '1', remaining: '0' },
      ...{ fee: '0.1', feeAsset: 'USDT', ...data },
    },
    { occurredAt: NOON + at },
  );
const canceled = (reason: string, orderId: string) =>
  createEvent('order.canceled', { ...order, orderId, reason }, { occurredAt: NOON });
const rejected = (reason: string, orderId: string) =>
  createEvent('order.rejected', { ...order, orderId, reason }, { occurredAt: NOON });
const sampled = (at: number, quote: Partial<DataOf<'market.sampled'>> = {}) =>
  createEvent(
    'market.sampled',
    {
      ...{ symbol: 'BTCUSDT', strategy: 'grid', price: '100', markPrice: '101.5', unrealizedPnl: '3' },
      ...quote,
    },
    { occurredAt: NOON + at },
  );
const paused = (at: number) =>
  createEvent('quoting.paused', { symbol: 'BTCUSDT', reason: 'breaker' }, { occurredAt: NOON + at });
const resumed = (at: number) =>
  createEvent(
    'quoting.resumed',
    { symbol: 'BTCUSDT', reason: 'breaker', pausedMs: 1 },
    { occurredAt: NOON + at },
  );
const position = (size: string, entryPrice: string) =>
  createEvent(
    'position.changed',
    { symbol: 'BTCUSDT', strategy: 'grid', size, entryPrice, realizedPnl: '0', unrealizedPnl: '0' },
    { occurredAt: NOON },
  );
const risk = createEvent(
  'risk.sampled',
  {
    scope: 'global',
    limits: {
      max_drawdown: { value: '12.5', threshold: '2500' },
      max_exposure: { value: '300', threshold: '1000' },
    },
  },
  { occurredAt: NOON },
);

function folded(events: readonly AnyEvent[]): MetricsSource['state'] {
  return events.reduce((state, event) => metricsProjection.evolve(state, event), metricsProjection.initial());
}

async function linesOf(
  state: MetricsSource['state'],
  alerts?: MetricsSource['alerts'],
): Promise<readonly string[]> {
  const source = { state, now: 0, log, rejections: [], version: '1', ...(alerts && { alerts }) };
  return (await renderMetrics(source)).split('\n');
}

const after = (...events: readonly AnyEvent[]): Promise<readonly string[]> => linesOf(folded(events));
/** The state as a process finds it that starts after a kill. */
const killed = (...events: readonly AnyEvent[]): MetricsSource['state'] => {
  const written = JSON.parse(
    JSON.stringify(metricsProjection.encode(folded(events)), (_, value: unknown) =>
      typeof value === 'object' && value !== null && Symbol.iterator in value
        ? [...(value as Iterable<unknown>)]
        : value,
    ),
  ) as Record<string, unknown>;
  const state = metricsProjection.decode(written);
  metricsProjection.live?.restore(state);
  return state;
};

describe('a symbol that starts', () => {
  it('has every series of a closed set at zero', async () => {
    const lines = await after(started);
    expect(lines).toEqual(
      expect.arrayContaining([
        'market_maker_orders_placed_total{symbol="BTCUSDT",side="sell",type="post_only"} 0',
        'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"} 0',
        'market_maker_orders_active{symbol="BTCUSDT",side="buy"} 0',
        'market_maker_orders_canceled_total{symbol="BTCUSDT",reason="requote"} 0',
        'market_maker_orders_rejected_total{symbol="BTCUSDT",reason="other"} 0',
        'market_maker_volume_total{symbol="BTCUSDT"} 0',
        'market_maker_volume_quote_total{symbol="BTCUSDT"} 0',
        'market_maker_pnl_realized_loss_total{symbol="BTCUSDT",strategy="grid"} 0',
        'market_maker_strategy_panics_total{symbol="BTCUSDT",strategy="grid"} 0',
        'market_maker_latency_tick_to_trade_ms_count{symbol="BTCUSDT"} 0',
        'market_maker_order_time_to_fill_seconds_bucket{le="+Inf",symbol="BTCUSDT"} 0',
        'market_maker_circuit_breaker_open{scope="global"} 0',
        'market_maker_circuit_breaker_open{scope="BTCUSDT"} 0',
        'market_maker_exchange_calls_total{exchange="paper",outcome="timeout"} 0',
        'market_maker_quoting_seconds_total{symbol="BTCUSDT"} 0',
      ]),
    );
  });

  it('does not close a breaker that is open', async () => {
    const trip = { scope: 'BTCUSDT', reason: 'max_volatility', value: '1', threshold: '1', cooldownMs: 1 };
    const lines = await after(createEvent('circuit_breaker.tripped', trip), started);
    expect(lines).toContain('market_maker_circuit_breaker_open{scope="BTCUSDT"} 1');
  });
});

describe('the orders of a symbol', () => {
  it('are counted by the codes of their ends, each once; words are other', async () => {
    const lines = await after(
      canceled('requote', '1'),
      canceled('requote', '1'),
      canceled('Cancelled by the venue: maintenance', '2'),
      canceled('own_code', '3'),
      rejected('post_only_would_cross', '4'),
      rejected('Filter failure: MIN_NOTIONAL', '5'),
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'market_maker_orders_canceled_total{symbol="BTCUSDT",reason="requote"} 1',
        'market_maker_orders_canceled_total{symbol="BTCUSDT",reason="other"} 1',
        'market_maker_orders_canceled_total{symbol="BTCUSDT",reason="own_code"} 1',
        'market_maker_orders_rejected_total{symbol="BTCUSDT",reason="post_only_would_cross"} 1',
        'market_maker_orders_rejected_total{symbol="BTCUSDT",reason="other"} 1',
      ]),
    );
  });

  it('have 20 codes at most, whatever a source makes up', async () => {
    const lines = await after(...Array.from({ length: 50 }, (_, i) => canceled(`code_${i}`, String(i))));
    const counted = lines.filter((line) => line.startsWith('market_maker_orders_canceled_total{'));
    expect(counted).toHaveLength(20);
    const total = counted.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    expect(total).toBe(50);
  });

  it('add up their turnover and fees exactly, rebates for themselves', async () => {
    const lines = await after(
      filled(1, { price: '0.1', quantity: '3' }),
      filled(2, { price: '-0.2', quantity: '0.5', fee: '-0.03' }),
      filled(3, { fee: '0.0001', feeAsset: 'BNB' }),
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'market_maker_volume_quote_total{symbol="BTCUSDT"} 100.4',
        'market_maker_fees_total{symbol="BTCUSDT",asset="USDT"} 0.1',
        'market_maker_fees_total{symbol="BTCUSDT",asset="BNB"} 0.0001',
        'market_maker_fee_rebates_total{symbol="BTCUSDT",asset="USDT"} 0.03',
      ]),
    );
  });

  it('survive amounts whose product no sum can hold', async () => {
    const most = '9'.repeat(40);
    const lines = await after(filled(1, { price: most, quantity: most }), filled(2, { price: '2' }));
    expect(lines).toContain('market_maker_volume_quote_total{symbol="BTCUSDT"} 2');
  });

  it('are timed from their placing until nothing of them is left', async () => {
    const lines = await after(placed(0), filled(1_000, { remaining: '0.5' }), filled(7_000));
    expect(lines).toContain('market_maker_order_time_to_fill_seconds_bucket{le="5",symbol="BTCUSDT"} 0');
    expect(lines).toContain('market_maker_order_time_to_fill_seconds_bucket{le="10",symbol="BTCUSDT"} 1');
    expect(lines).toContain('market_maker_order_time_to_fill_seconds_sum{symbol="BTCUSDT"} 7');
  });
});

describe('a position and its market', () => {
  it('show entry, mark, value and our spread', async () => {
    const lines = await after(position('-2', '99.5'), sampled(1, { bestBid: '100.1', bestAsk: '100.4' }));
    expect(lines).toEqual(
      expect.arrayContaining([
        'market_maker_entry_price{symbol="BTCUSDT",strategy="grid"} 99.5',
        'market_maker_mark_price{symbol="BTCUSDT"} 101.5',
        'market_maker_inventory_value{symbol="BTCUSDT"} -203',
        'market_maker_quoted_spread{symbol="BTCUSDT"} 0.3',
      ]),
    );
    const flat = await after(position('0', '0'), sampled(1, { bestBid: '100.1' }));
    expect(flat).toContain('market_maker_inventory_value{symbol="BTCUSDT"} 0');
    expect(flat).not.toContainEqual(expect.stringMatching(/^market_maker_(entry_price|quoted_spread)\{/));
  });

  it('count the time that is quoted, up to the last logged event', async () => {
    const time = 'market_maker_quoting_seconds_total{symbol="BTCUSDT"}';
    expect(await after(started, resumed(1_000), sampled(11_000))).toContain(`${time} 10`);
    expect(await after(started, resumed(1_000), paused(3_000), sampled(11_000))).toContain(`${time} 2`);
    expect(await after(resumed(0), placed(5_000), started, resumed(9_000), placed(9_500, '2'))).toContain(
      `${time} 5.5`,
    );
  });
});

describe('the limits of a scope', () => {
  it('show value and threshold, exceeded or not, and the drawdown', async () => {
    const lines = await after(risk);
    expect(lines).toContain('market_maker_risk_limit_value{scope="global",limit="max_exposure"} 300');
    expect(lines).toContain('market_maker_risk_limit_threshold{scope="global",limit="max_exposure"} 1000');
    expect(lines).toContain('market_maker_drawdown{scope="global"} 12.5');
  });
});

describe('after a process was killed', () => {
  it('what the log gives is whole, and what it only samples is not shown as it was', async () => {
    const lines = await linesOf(
      killed(
        ...[started, resumed(0), placed(0), filled(1_000), position('1', '99'), risk],
        sampled(2_000, { bestBid: '1', bestAsk: '2' }),
        createEvent('exchange.call_completed', {
          ...{ exchange: 'paper', operation: 'place_order', durationMs: 5, outcome: 'error' },
        } as DataOf<'exchange.call_completed'>),
      ),
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'market_maker_quoting_seconds_total{symbol="BTCUSDT"} 2',
        'market_maker_order_time_to_fill_seconds_sum{symbol="BTCUSDT"} 1',
        'market_maker_fees_total{symbol="BTCUSDT",asset="USDT"} 0.1',
        'market_maker_entry_price{symbol="BTCUSDT",strategy="grid"} 99',
        'market_maker_exchange_calls_total{exchange="paper",outcome="error"} 0',
      ]),
    );
    expect(lines).not.toContainEqual(
      expect.stringMatching(
        /^market_maker_(mark_price|inventory_value|quoted_spread|drawdown|risk_limit_value|risk_limit_threshold)\{/,
      ),
    );
  });
});

describe('the alerts', () => {
  it('have a series at zero for each level of a condition, and for each outcome of a channel', async () => {
    const lines = await linesOf(folded([]), {
      conditions: [{ condition: 'strategy_panic', levels: ['CRITICAL'] }],
      channels: ['slack'],
      open: [{ condition: 'own', level: 'INFO' }],
      pending: [{ channel: 'slack' }, { channel: 'slack' }],
      deadLetters: [],
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        'market_maker_alerts_raised_total{condition="strategy_panic",level="CRITICAL"} 0',
        'market_maker_alerts_open{condition="strategy_panic",level="CRITICAL"} 0',
        'market_maker_alerts_open{condition="own",level="INFO"} 1',
        'market_maker_alert_deliveries_total{channel="slack",outcome="abandoned"} 0',
        'market_maker_alert_delivery_latency_ms_count{channel="slack"} 0',
        'market_maker_alert_deliveries_pending{channel="slack"} 2',
        'market_maker_alert_dead_letters{channel="slack"} 0',
      ]),
    );
  });
});
