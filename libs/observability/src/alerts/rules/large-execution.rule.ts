import { AlertLevel } from '@opensqt/trading-events';
import { amount } from '@opensqt/trading-events/options';
import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { defineRule } from './alert-rule';
import { formatMeasure } from '../../format/format';

const Exact = Decimal.clone({ precision: 80 });

const options = {
  /** The alert on large executions. */
  largeExecution: z
    .strictObject({
      /** Notional, price × quantity, in quote currency from which a fill is an alert; a decimal string. @default '10000' */
      threshold: amount
        .prefault('10000')
        .describe('Price × quantity, in quote currency, from which a fill is an alert.'),
    })
    .prefault({})
    .describe('The alert on large executions.'),
};

/** A fill whose notional (price × quantity) reaches the threshold: sent once, at INFO. */
export const largeExecution = defineRule({
  condition: 'large_execution',
  documentation: {
    raisedBy: '`order.filled` whose price × quantity reaches `large_execution.threshold`',
    level: 'INFO',
    resolvedBy: '– (sent once)',
    about: 'symbol, strategy',
  },
  options,
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
      message: `${bought} ${formatMeasure(quantity)} ${symbol} at ${formatMeasure(price)}: ${notional.toFixed(2)} in quote currency (threshold ${threshold}).`,
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
});
