import { AlertLevel, formatDuration } from '@opensqt/trading-events';
import { defineRule } from './alert-rule';
import { formatCode, formatMeasure, formatScope } from '../../format/format';

/** The limit on the age of market data whose stream is lost: its value is milliseconds, and trading does not go on. */
const MARKET_DATA_AGE = 'market_data_age';

/** A limit is exceeded while trading goes on: WARNING or ERROR, as the risk monitor says. */
export const riskLimitBreach = defineRule({
  condition: 'risk_limit_breach',
  documentation: {
    raisedBy: '`risk.limit_breached`',
    level: 'WARNING or ERROR, from its severity',
    resolvedBy: '`risk.limit_cleared`',
    about: 'scope, limit',
  },
  options: {},
  handles: ['risk.limit_breached', 'risk.limit_cleared'],
  decide(event) {
    if (event.type === 'risk.limit_breached') {
      const { scope, limit, value, threshold, severity } = event.data;
      return {
        verdict: 'raise',
        labels: { scope, limit },
        level: severity === 'error' ? AlertLevel.Error : AlertLevel.Warning,
        ...(limit === MARKET_DATA_AGE
          ? {
              title: `Market data is stale: ${formatScope(scope)}`,
              message: `No price for ${formatDuration(Number(value))}: the stream of prices is lost. Nothing is quoted until prices are received again.`,
            }
          : {
              title: `Risk limit breached: ${nameOf(limit)} of ${formatScope(scope)}`,
              message: `${nameOf(limit)} is ${amountOf(limit, value)} (limit ${amountOf(limit, threshold)}). Trading goes on within the limit.`,
            }),
        fields: {
          Scope: scope,
          Limit: limit,
          Value: amountOf(limit, value),
          Threshold: amountOf(limit, threshold),
        },
      };
    }
    if (event.type === 'risk.limit_cleared') {
      const { scope, limit, value, threshold } = event.data;
      return {
        verdict: 'resolve',
        labels: { scope, limit },
        ...(limit === MARKET_DATA_AGE
          ? { title: `Market data is current: ${formatScope(scope)}`, message: 'Prices are received again.' }
          : {
              title: `Risk limit cleared: ${nameOf(limit)} of ${formatScope(scope)}`,
              message: `${nameOf(limit)} is within its limit again.`,
            }),
        fields: {
          Scope: scope,
          Limit: limit,
          ...(value === undefined ? {} : { Value: amountOf(limit, value) }),
          ...(threshold === undefined ? {} : { Threshold: amountOf(limit, threshold) }),
        },
      };
    }
    return undefined;
  },
});

const MILLISECONDS = '_ms';

/** `max_exchange_latency_ms` → `max exchange latency`: the unit stands behind the number. */
function nameOf(limit: string): string {
  return formatCode(limit.endsWith(MILLISECONDS) ? limit.slice(0, -MILLISECONDS.length) : limit);
}

function amountOf(limit: string, measure: string | number): string {
  if (limit === MARKET_DATA_AGE) return formatDuration(Number(measure));
  return limit.endsWith(MILLISECONDS) ? `${formatMeasure(measure)} ms` : formatMeasure(measure);
}
