import { AlertLevel } from '@opensqt/trading-events';
import { Decimal } from 'decimal.js';
import type { AlertRule } from './alert-rule';
import { formatMeasure } from '../../format/format';

const Exact = Decimal.clone({ precision: 80 });

/** A fill whose notional (price × quantity) reaches the threshold: told once, at INFO. */
export const largeExecution: AlertRule = {
  condition: 'large_execution',
  handles: ['order.filled'],
  decide(event, { largeExecution: { threshold } }) {
    if (event.type !== 'order.filled') return undefined;
    const { symbol, strategy, side, price, quantity, orderId, remaining } = event.data;
    const notional = new Exact(price).times(quantity);
    if (notional.lessThan(threshold)) return undefined;
    const bought = side === 'buy' ? 'Bought' : 'Sold';
    return {
      verdict: 'raise',
      labels: { symbol, strategy },
      level: AlertLevel.Info,
      oneOff: true,
      title: `Large execution: ${symbol} ${side} ${notional.toFixed(2)}`,
      message: `${bought} ${formatMeasure(quantity)} ${symbol} at ${formatMeasure(price)}: ${notional.toFixed(2)} in quote currency (told from ${threshold}).`,
      fields: {
        Symbol: symbol,
        Side: side,
        Price: formatMeasure(price),
        Quantity: formatMeasure(quantity),
        Notional: notional.toFixed(2),
        Remaining: formatMeasure(remaining),
        Order: orderId,
      },
    };
  },
};
