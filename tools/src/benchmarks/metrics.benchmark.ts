import { ProjectedState, metricsProjection } from '@opensqt/observability';
import { createEvent, type TradingEvent } from '@opensqt/trading-events';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Comparison } from './measure';

const fill = createEvent('order.filled', {
  symbol: 'BTCUSDT',
  strategy: 'grid',
  orderId: '1',
  fillId: '1',
  side: 'buy',
  price: '60000.10',
  quantity: '0.00125',
  remaining: '0.5',
  fee: '0',
  feeAsset: 'USDT',
});
const call = createEvent('exchange.call_completed', {
  exchange: 'paper',
  operation: 'place_order',
  durationMs: 21.5,
  outcome: 'ok',
});

/** Folding events into the metrics' state, against a bare `Map` and against prom-client's own calls. */
export function metricsComparisons(): readonly Comparison[] {
  const fold = (event: TradingEvent) => {
    const projected = ProjectedState.of(metricsProjection);
    return (times: number): void => {
      for (let i = 0; i < times; i++) projected.apply(event);
    };
  };
  return [
    {
      name: 'fold an exchange call into the metrics',
      subject: fold(call),
      floor: bareMap(),
      floorName: 'Map.get + add',
      budget: '≤ 1.5',
    },
    {
      name: 'fold a fill into the metrics',
      subject: fold(fill),
      floor: promClientFill(),
      floorName: 'prom-client calls for it',
      budget: '≤ 0.04 (25 × cheaper)',
    },
  ];
}

function bareMap(): (times: number) => void {
  const counts = new Map([['paper', { count: 0 }]]);
  return (times) => {
    for (let i = 0; i < times; i++) {
      const entry = counts.get(call.data.exchange);
      if (entry !== undefined) entry.count += call.data.durationMs;
    }
  };
}

function promClientFill(): (times: number) => void {
  const registers = [new Registry()];
  const filled = new Counter({ name: 'filled', help: '-', labelNames: ['symbol', 'side'], registers });
  const volume = new Counter({ name: 'volume', help: '-', labelNames: ['symbol'], registers });
  const pnl = new Counter({ name: 'pnl', help: '-', labelNames: ['symbol', 'strategy'], registers });
  const position = new Gauge({ name: 'position', help: '-', labelNames: ['symbol'], registers });
  const latency = new Histogram({ name: 'latency', help: '-', labelNames: ['symbol'], registers });
  const { symbol, side, strategy, quantity } = fill.data;
  return (times) => {
    for (let i = 0; i < times; i++) {
      filled.inc({ symbol, side });
      volume.inc({ symbol }, Number(quantity));
      pnl.inc({ symbol, strategy }, 1);
      position.set({ symbol }, 1);
      latency.observe({ symbol }, 1);
    }
  };
}
