import type { EventOf } from '@opensqt/trading-events';
import { Counter, Gauge, Registry } from 'prom-client';
import type { Side } from './measure';

/** What prom-client's own calls for a fill and the position it changed would cost: the five metrics, by their labels. */
export function promClientFill(
  fills: readonly EventOf<'order.filled'>[],
  changes: readonly EventOf<'position.changed'>[],
  times: number,
): Side {
  const registers = [new Registry()];
  const help = '-';
  const filled = new Counter({ name: 'filled', help, labelNames: ['symbol', 'side'], registers });
  const volume = new Counter({ name: 'volume', help, labelNames: ['symbol'], registers });
  const profit = new Counter({ name: 'profit', help, labelNames: ['symbol', 'strategy'], registers });
  const unrealized = new Gauge({ name: 'unrealized', help, labelNames: ['symbol', 'strategy'], registers });
  const position = new Gauge({ name: 'position', help, labelNames: ['symbol'], registers });
  return {
    name: "prom-client's inc and set",
    run: () => {
      for (let i = 0; i < times; i++) {
        const fill = fills[i % fills.length]?.data;
        const change = changes[i % changes.length]?.data;
        if (fill === undefined || change === undefined) return;
        filled.inc({ symbol: fill.symbol, side: fill.side });
        volume.inc({ symbol: fill.symbol }, Number(fill.quantity));
        const { symbol, strategy } = change;
        profit.inc({ symbol, strategy }, Math.abs(Number(change.realizedPnl)));
        unrealized.set({ symbol, strategy }, Number(change.unrealizedPnl));
        position.set({ symbol }, Number(change.size));
      }
    },
  };
}
