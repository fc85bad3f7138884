import { AlertLevel, formatDuration } from '@opensqt/trading-events';
import type { AlertRule } from './alert-rule';
import { codeInWords, measureInWords, scopeInWords, timeInWords } from '../model/words';

/** Trading was stopped to stop losing: CRITICAL until the breaker is reset. */
export const circuitBreakerTrip: AlertRule = {
  condition: 'circuit_breaker_trip',
  handles: ['circuit_breaker.tripped', 'circuit_breaker.reset'],
  decide(event) {
    if (event.type === 'circuit_breaker.tripped') {
      const { scope, reason, value, threshold, cooldownMs } = event.data;
      const again = timeInWords(event.occurredAt + cooldownMs);
      return {
        verdict: 'raise',
        labels: { scope },
        level: AlertLevel.Critical,
        title: `Circuit breaker tripped: ${scopeInWords(scope)}`,
        message:
          `${codeInWords(reason)} reached ${measureInWords(value)} (limit ${measureInWords(threshold)}). Trading is stopped: ` +
          `open orders are cancelled and nothing is placed until it resets, by itself at ${again} (after ${formatDuration(cooldownMs)}) or by an operator.`,
        fields: {
          Scope: scope,
          Reason: reason,
          Value: measureInWords(value),
          Threshold: measureInWords(threshold),
          Cooldown: formatDuration(cooldownMs),
        },
      };
    }
    if (event.type === 'circuit_breaker.reset') {
      const { scope, by } = event.data;
      return {
        verdict: 'resolve',
        labels: { scope },
        title: `Circuit breaker reset: ${scopeInWords(scope)}`,
        message:
          by === 'cooldown'
            ? 'Its cooldown has passed. Trading goes on.'
            : 'An operator reset it. Trading goes on.',
        fields: { Scope: scope, 'Reset by': by },
      };
    }
    return undefined;
  },
};
