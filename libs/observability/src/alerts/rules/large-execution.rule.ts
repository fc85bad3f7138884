import { AlertLevel } from '@opensqt/trading-events';
import { amount } from '@opensqt/trading-events/options';
import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { defineRule } from './alert-rule';
import { formatBesideLimit, money } from '../../format/limit';
import { formatNumber } from '../../format/number';

const Exact = Decimal.clone({ precision: 80 });

const options = {
  /** The alert on large executions. */
  largeExecution: z
    .strictObject({
      /** Price × quantity, in quote currency, from which a fill is an alert. @default '10000' */
      threshold: amount.prefault('10000'),
    })
    .prefault({}),
};

/** A fill whose notional (price × quantity) reaches the threshold: sent once, at INFO. */
export const largeExecution = defineRule({
  condition: 'large_execution',
  levels: [AlertLevel.Info],
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
    if (notional.abs().lessThan(threshold)) return undefined;
    const shown = formatBesideLimit(notional.toFixed(), threshold, money(undefined));
    return {
      verdict: 'raise',
      labels: { symbol, strategy },
      level: AlertLevel.Info,
      oneOff: true,
      title: `Large execution: ${symbol} ${side} ${shown.value}`,
      message:
        `${side === 'buy' ? 'Bought' : 'Sold'} ${formatNumber(quantity)} ${symbol} at ${formatNumber(price)}: ` +
        `${shown.value} in quote currency (alert from ${shown.limit}).`,
      fields: {
        Symbol: symbol,
        Side: side,
        Price: formatNumber(price),
        Quantity: formatNumber(quantity),
        Notional: shown.value,
        Remaining: formatNumber(remaining),
        Order: orderId,
      },
    };
  },
});
