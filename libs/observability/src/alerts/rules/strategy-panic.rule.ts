import { AlertLevel } from '@opensqt/trading-events';
import { commandLine, sentence } from '../../format/format';
import { ownFrameOf } from '../../format/stack';
import { defineRule } from './alert-rule';

/** A strategy threw: CRITICAL until it runs again. */
export const strategyPanic = defineRule({
  condition: 'strategy_panic',
  levels: [AlertLevel.Critical],
  documentation: {
    raisedBy: '`strategy.panicked`',
    level: 'CRITICAL',
    resolvedBy: '`strategy.restarted`',
    about: 'symbol, strategy',
  },
  options: {},
  handles: ['strategy.panicked', 'strategy.restarted'],
  decide(event, { command }) {
    if (event.type === 'strategy.panicked') {
      const { symbol, strategy, error } = event.data;
      const frame = error.stack === undefined ? undefined : ownFrameOf(error.stack);
      return {
        verdict: 'raise',
        labels: { symbol, strategy },
        level: AlertLevel.Critical,
        title: `Strategy panicked: ${strategy} on ${symbol}`,
        message:
          `${sentence(`${error.name}: ${error.message}`)}${frame === undefined ? '' : ` At ${frame}.`} ` +
          `${strategy} on ${symbol} is halted until it is restarted; other symbols are not halted by this. ` +
          `The stack is in the log: ${commandLine(command, 'events', '--type strategy.panicked')}`,
        fields: {
          Symbol: symbol,
          Strategy: strategy,
          Error: error.name,
        },
      };
    }
    if (event.type === 'strategy.restarted') {
      const { symbol, strategy, attempt } = event.data;
      return {
        verdict: 'resolve',
        labels: { symbol, strategy },
        title: `Strategy restarted: ${strategy} on ${symbol}`,
        message: `It runs again, after restart ${attempt}.`,
        fields: { Symbol: symbol, Strategy: strategy, Attempt: String(attempt) },
      };
    }
    return undefined;
  },
});
