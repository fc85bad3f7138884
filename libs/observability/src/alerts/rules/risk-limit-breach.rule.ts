import { AlertLevel, formatDuration } from '@opensqt/trading-events';
import type { AlertRule } from './alert-rule';
import { formatCode, formatMeasure, formatScope } from '../../format/format';

/** The limit on the age of market data whose stream is lost: its value is milliseconds, and trading does not go on. */
const MARKET_DATA_AGE = 'market_data_age';

/** A limit is exceeded while trading goes on: WARNING or ERROR, as the risk monitor says. */
export const riskLimitBreach: AlertRule = {
  condition: 'risk_limit_breach',
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
              message: `No price for ${formatDuration(Number(value))}: the stream of prices is lost. Nothing is quoted until prices come again.`,
            }
          : {
              title: `Risk limit breached: ${formatCode(limit)} of ${formatScope(scope)}`,
              message: `${formatCode(limit)} is ${formatMeasure(value)}, the limit is ${formatMeasure(threshold)}. Trading goes on within the limit.`,
            }),
        fields: {
          Scope: scope,
          Limit: limit,
          Value: formatMeasure(value),
          Threshold: formatMeasure(threshold),
        },
      };
    }
    if (event.type === 'risk.limit_cleared') {
      const { scope, limit, value, threshold } = event.data;
      return {
        verdict: 'resolve',
        labels: { scope, limit },
        ...(limit === MARKET_DATA_AGE
          ? { title: `Market data is current: ${formatScope(scope)}`, message: 'Prices come again.' }
          : {
              title: `Risk limit cleared: ${formatCode(limit)} of ${formatScope(scope)}`,
              message: `${formatCode(limit)} is within its limit again.`,
            }),
        fields: {
          Scope: scope,
          Limit: limit,
          ...(value === undefined ? {} : { Value: formatMeasure(value) }),
          ...(threshold === undefined ? {} : { Threshold: formatMeasure(threshold) }),
        },
      };
    }
    return undefined;
  },
};
