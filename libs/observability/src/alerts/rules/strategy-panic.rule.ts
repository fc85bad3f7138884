import { AlertLevel } from '@opensqt/trading-events';
import { defineRule } from './alert-rule';

const STACK_LINES_SHOWN = 4;

/** A strategy threw: CRITICAL until it runs again. */
export const strategyPanic = defineRule({
  condition: 'strategy_panic',
  documentation: {
    raisedBy: '`strategy.panicked`',
    level: 'CRITICAL',
    resolvedBy: '`strategy.restarted`',
    about: 'symbol, strategy',
  },
  options: {},
  handles: ['strategy.panicked', 'strategy.restarted'],
  decide(event) {
    if (event.type === 'strategy.panicked') {
      const { symbol, strategy, error } = event.data;
      return {
        verdict: 'raise',
        labels: { symbol, strategy },
        level: AlertLevel.Critical,
        title: `Strategy panicked: ${strategy} on ${symbol}`,
        message: `${error.name}: ${sentence(error.message)} ${symbol} stands still until the strategy is restarted; other symbols go on.`,
        fields: {
          Symbol: symbol,
          Strategy: strategy,
          Error: error.name,
          ...(error.stack === undefined ? {} : { Stack: topOf(error.stack) }),
        },
      };
    }
    if (event.type === 'strategy.restarted') {
      const { symbol, strategy, attempt } = event.data;
      return {
        verdict: 'resolve',
        labels: { symbol, strategy },
        title: `Strategy restarted: ${strategy} on ${symbol}`,
        message: `It runs again, at restart ${attempt}.`,
        fields: { Symbol: symbol, Strategy: strategy, Attempt: String(attempt) },
      };
    }
    return undefined;
  },
});

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function topOf(stack: string): string {
  return stack
    .split('\n')
    .slice(0, STACK_LINES_SHOWN + 1)
    .map((line) => line.trim())
    .join('\n');
}
