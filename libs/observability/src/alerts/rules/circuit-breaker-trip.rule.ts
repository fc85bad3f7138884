import { AlertLevel, formatDuration } from '@opensqt/trading-events';
import { defineRule } from './alert-rule';
import { formatCode, formatMeasure, formatScope, formatTime } from '../../format/format';

/** Trading was stopped to stop losing: CRITICAL until the breaker is reset. */
export const circuitBreakerTrip = defineRule({
  condition: 'circuit_breaker_trip',
  documentation: {
    raisedBy: '`circuit_breaker.tripped`',
    level: 'CRITICAL',
    resolvedBy: '`circuit_breaker.reset`',
    about: 'scope',
  },
  options: {},
  handles: ['circuit_breaker.tripped', 'circuit_breaker.reset'],
  decide(event) {
    if (event.type === 'circuit_breaker.tripped') {
      const { scope, reason, value, threshold, cooldownMs } = event.data;
      const again = formatTime(event.occurredAt + cooldownMs);
      return {
        verdict: 'raise',
        labels: { scope },
        level: AlertLevel.Critical,
        title: `Circuit breaker tripped: ${formatScope(scope)}`,
        message:
          `${formatCode(reason)} reached ${formatMeasure(value)} (limit ${formatMeasure(threshold)}). Trading is stopped: ` +
          `open orders are cancelled and nothing is placed until it resets, by itself at ${again} (after ${formatDuration(cooldownMs)}) or by an operator.`,
        fields: {
          Scope: scope,
          Reason: reason,
          Value: formatMeasure(value),
          Threshold: formatMeasure(threshold),
          Cooldown: formatDuration(cooldownMs),
        },
      };
    }
    if (event.type === 'circuit_breaker.reset') {
      const { scope, by } = event.data;
      return {
        verdict: 'resolve',
        labels: { scope },
        title: `Circuit breaker reset: ${formatScope(scope)}`,
        message:
          by === 'cooldown'
            ? 'Its cooldown has passed. Trading goes on.'
            : 'An operator reset it. Trading goes on.',
        fields: { Scope: scope, 'Reset by': by },
      };
    }
    return undefined;
  },
});
