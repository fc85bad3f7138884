import type { OpenAlertView, Overview, Series, SymbolRow } from '@opensqt/observability/console-api';
import { FROM, NOW, mark } from './moments';

export const symbol = (name: string, changes: Partial<SymbolRow> = {}): SymbolRow => ({
  symbol: name,
  exchange: 'paper',
  strategy: 'grid',
  quoteAsset: 'USDT',
  state: 'quoting',
  reason: null,
  since: mark(NOW - 60_000, 5_600),
  resting: { buys: 3, sells: 3 },
  bid: '57400.1',
  ask: '57420.3',
  price: '57418.8',
  priceAt: NOW - 200,
  priceFrom: 'live',
  priceAge: 200,
  priceStale: false,
  position: '0.34216',
  value: '19646.42',
  entry: '61129.70123',
  unrealized: '-1269.72',
  unrealizedFrom: mark(NOW, 5_655),
  realized: '-247.68',
  fees: [{ asset: 'USDT', amount: '20.26' }],
  fills: 300,
  lastFill: mark(NOW - 250_000, 5_500),
  ...changes,
});

export const openAlert = (id: string, changes: Partial<OpenAlertView> = {}): OpenAlertView => ({
  id,
  condition: 'circuit_breaker_trip',
  level: 'CRITICAL',
  subject: 'BTCUSDT',
  summary: 'breaker tripped',
  title: 'Circuit breaker tripped: BTCUSDT',
  symbol: 'BTCUSDT',
  labels: { bot: 'mm-btc-1', condition: 'circuit_breaker_trip', scope: 'BTCUSDT' },
  since: NOW - 231_000,
  repeats: 0,
  acknowledgedBy: null,
  silencedUntil: null,
  holds: true,
  ...changes,
});

export const overview = (changes: Partial<Overview> = {}): Overview => ({
  mode: 'live',
  bot: 'mm-btc-1',
  position: 5_655,
  head: 5_655,
  time: NOW,
  wallTime: Date.now(),
  replaying: null,
  verdict: {
    verdict: 'trading',
    title: 'Trading',
    reason: 'All 3 symbols have orders on both sides.',
    since: mark(NOW - 3_000_000, 1_200),
    symbols: { total: 3, still: [] },
  },
  alerts: { open: 0, worst: null, items: [] },
  profit: {
    quoteAsset: 'USDT',
    realized: '-624.74',
    unrealized: '-4634.77',
    unrealizedFrom: mark(NOW, 5_655),
    fees: [{ asset: 'USDT', amount: '56.79' }],
    afterFees: '-5316.30',
    volume: '812345.1',
    fills: 599,
    since: mark(NOW - 12_000_000, 4),
  },
  limits: [
    {
      scope: 'global',
      limit: 'max_drawdown',
      value: '1008.95',
      threshold: '2500',
      unit: 'USDT',
      breached: false,
      from: mark(NOW, 5_655),
    },
    {
      scope: 'global',
      limit: 'max_exposure',
      value: '52000.55',
      threshold: '60000',
      unit: 'USDT',
      breached: false,
      from: mark(NOW, 5_655),
    },
    {
      scope: 'global',
      limit: 'max_exchange_latency_ms',
      value: '36',
      threshold: '500',
      unit: 'ms',
      breached: false,
      from: null,
    },
  ],
  latency: { tickToOrder: { p50: 0.12, p99: 3.24, orders: 800 }, exchangeCall: { p99: 36, calls: 900 } },
  log: { rate: 0.4, waiting: 0, failure: null },
  symbols: [
    symbol('BTCUSDT'),
    symbol('ETHUSDT', { price: '2841.48' }),
    symbol('1000000MOGUSDT', { price: '1.39722' }),
  ],
  writers: [
    {
      bot: 'mm-btc-1',
      writer: 'mm-btc-1',
      last: mark(NOW, 5_655),
      lastWall: Date.now(),
      records: 5_655,
      isThis: true,
    },
  ],
  ...changes,
});

/** An empty log: nothing has been seen yet. */
export const firstStart = (): Overview => ({
  ...overview(),
  position: 1,
  head: 1,
  verdict: {
    verdict: 'unknown',
    title: 'Unknown: no price received yet',
    reason: 'No symbol has been started.',
    since: null,
    symbols: { total: 0, still: [] },
  },
  profit: {
    quoteAsset: null,
    realized: null,
    unrealized: null,
    unrealizedFrom: null,
    fees: [],
    afterFees: null,
    volume: null,
    fills: 0,
    since: null,
  },
  limits: [],
  latency: { tickToOrder: null, exchangeCall: null },
  symbols: [],
});

/** The flash crash: four breakers, a broken channel and a limit. */
export function notTrading(): Overview {
  const scopes = ['global', '1000000MOGUSDT', 'ETHUSDT', 'BTCUSDT'];
  const breakers = scopes.map((scope, index) =>
    openAlert(`50b9abf6000${index}`, {
      subject: scope === 'global' ? 'all symbols' : scope,
      symbol: scope === 'global' ? null : scope,
      title: `Circuit breaker tripped: ${scope === 'global' ? 'all symbols' : scope}`,
      labels: { bot: 'mm-btc-1', condition: 'circuit_breaker_trip', scope },
    }),
  );
  const others = [
    openAlert('c1', {
      condition: 'channel_broken',
      level: 'ERROR',
      subject: 'discord',
      summary: 'channel broken',
      symbol: null,
      title: 'Channel broken: discord',
      since: NOW - 9_480_000,
      labels: { channel: 'discord' },
    }),
    openAlert('e1', {
      condition: 'risk_limit_breach',
      level: 'WARNING',
      subject: 'all symbols',
      summary: 'max exposure',
      symbol: null,
      title: 'Risk limit breached: max exposure of all symbols',
      labels: { limit: 'max_exposure', scope: 'global' },
    }),
  ];
  const reason = { code: 'breaker', words: 'breaker: max drawdown, max volatility', until: NOW + 660_000 };
  const stopped = {
    state: 'no_orders',
    reason,
    resting: { buys: 0, sells: 0 },
    bid: null,
    ask: null,
  } as const;
  const base = overview();
  return {
    ...base,
    verdict: {
      verdict: 'not_trading',
      title: 'Not trading: circuit breaker',
      reason:
        'Max drawdown of all symbols reached 2,500.74 USDT (limit 2,500.00 USDT). Open orders were cancelled, positions are kept.',
      since: mark(NOW - 231_000, 5_531),
      symbols: { total: 3, still: [] },
    },
    alerts: { open: 6, worst: 'CRITICAL', items: [...breakers, ...others] },
    limits: base.limits.map((limit) =>
      limit.limit === 'max_drawdown' ? { ...limit, value: '5269.83', breached: true } : limit,
    ),
    symbols: base.symbols.map((row) => ({ ...row, ...stopped })),
  };
}

/** Forty alerts: six CRITICAL, eleven and twenty of one condition. */
export function manyAlerts(): Overview {
  const named = (index: number) => `SYMBOL${index}USDT`;
  const of = (count: number, level: OpenAlertView['level'], condition: string, summary: string) =>
    Array.from({ length: count }, (_, index) =>
      openAlert(`${level}${index}`, {
        level,
        condition,
        summary,
        subject: named(index),
        symbol: named(index),
        title: `${summary}: ${named(index)}`,
        since: NOW - 200_000 + index * 1_000,
      }),
    );
  const items = [
    ...of(6, 'CRITICAL', 'circuit_breaker_trip', 'breaker tripped'),
    ...of(11, 'ERROR', 'risk_limit_breach', 'max volume ratio'),
    ...of(3, 'ERROR', 'channel_broken', 'channel broken'),
    ...of(20, 'WARNING', 'stale_market_data', 'market data age'),
  ];
  return { ...notTrading(), alerts: { open: items.length, worst: 'CRITICAL', items } };
}

export const series = (symbols: readonly string[]): Series => ({
  position: 5_655,
  from: FROM,
  to: NOW,
  symbols: symbols.map((name, which) => ({
    symbol: name,
    sampleInterval: 10_000,
    prices: {
      at: Array.from({ length: 600 }, (_, index) => FROM + index * 20_000),
      price: Array.from({ length: 600 }, (_, index) =>
        (60_000 + 800 * Math.sin(index / 40 + which) - (index > 590 ? 3_000 : 0)).toFixed(1),
      ),
    },
    fills: Array.from({ length: 120 }, (_, index) => ({
      at: FROM + index * 98_000,
      side: index % 3 === 0 ? ('sell' as const) : ('buy' as const),
      price: (60_000 + 800 * Math.sin((index * 98) / 20 / 40 + which)).toFixed(1),
      quantity: '0.01',
      fills: 1 + (index % 5),
      position: index * 40,
    })),
    lanes: [
      { from: FROM, to: FROM + 3_000_000, state: 'quoting' as const, reason: null },
      { from: FROM + 3_000_000, to: FROM + 3_800_000, state: 'paused' as const, reason: 'limit' },
      { from: FROM + 3_800_000, to: FROM + 4_200_000, state: 'paused' as const, reason: 'disconnected' },
      { from: FROM + 4_200_000, to: NOW - 231_000, state: 'quoting' as const, reason: null },
      { from: NOW - 231_000, to: null, state: 'paused' as const, reason: 'breaker' },
    ],
  })),
  pnl: {
    at: Array.from({ length: symbols.length === 0 ? 0 : 300 }, (_, index) => FROM + index * 40_000),
    realized: Array.from({ length: 300 }, (_, index) => (-2 * index).toFixed(2)),
    unrealized: Array.from({ length: 300 }, (_, index) =>
      (100 * Math.sin(index / 20) - (index > 290 ? 4_500 : 0)).toFixed(2),
    ),
  },
});
