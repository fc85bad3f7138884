import { AlertLevel } from '@opensqt/trading-events';
import { formatScope } from '../../format/format';
import { formatBesideLimit } from '../../format/limit';
import { defineRule } from './alert-rule';
import { nameOfLimit, symbolOf, unitOfLimit } from './risk-units';

/** The limit on the age of market data: nothing is quoted while it is exceeded. */
const MARKET_DATA_AGE = 'market_data_age';

/** The size of a lot, below which an order rounds to nothing: the only limit that a value is to reach. */
const MIN_ORDER_SIZE = 'min_order_size';

/** The limits while one of which is exceeded the risk monitor permits only orders that reduce a position. */
const REDUCE_ONLY: ReadonlySet<string> = new Set([
  'max_position',
  'max_exposure',
  'max_exchange_latency_ms',
  'max_volume_ratio',
]);

/** A limit is exceeded and no breaker trips: WARNING or ERROR, as the risk monitor says. */
export const riskLimitBreach = defineRule({
  condition: 'risk_limit_breach',
  levels: [AlertLevel.Warning, AlertLevel.Error],
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
      const { scope, limit, severity, value, threshold, quoteAsset } = event.data;
      const shown = formatBesideLimit(value, threshold, unitOfLimit(limit, quoteAsset));
      const measured = `${shown.value} (limit ${shown.limit})`;
      return {
        verdict: 'raise',
        labels: { scope, limit },
        ...symbolOf(scope),
        level: severity === 'error' ? AlertLevel.Error : AlertLevel.Warning,
        ...(limit === MARKET_DATA_AGE
          ? {
              title: `Market data is stale: ${formatScope(scope)}`,
              message: `No price for ${measured}. Its orders are cancelled, and nothing is quoted until prices are received again.`,
            }
          : limit === MIN_ORDER_SIZE
            ? {
                title: `Orders are too small: ${formatScope(scope)}`,
                message: `The strategy's smallest order is ${shown.value} (the market takes ${shown.limit} or more): it is not placed. Raise the order's size, or lower lot_size or min_notional where they are not the venue's.`,
              }
            : {
                title: `Risk limit breached: ${nameOfLimit(limit)} of ${formatScope(scope)}`,
                message: `${nameOfLimit(limit)} is ${measured}. ${consequence(limit, scope)}`,
              }),
        fields: { Scope: scope, Limit: limit, Value: shown.value, Threshold: shown.limit },
      };
    }
    if (event.type === 'risk.limit_cleared') {
      const { scope, limit, value, threshold, quoteAsset } = event.data;
      const unit = unitOfLimit(limit, quoteAsset);
      const shown =
        value === undefined || threshold === undefined
          ? undefined
          : formatBesideLimit(value, threshold, unit);
      return {
        verdict: 'resolve',
        labels: { scope, limit },
        ...(limit === MARKET_DATA_AGE
          ? { title: `Market data is current: ${formatScope(scope)}`, message: 'Prices are received again.' }
          : {
              title: `Risk limit cleared: ${nameOfLimit(limit)} of ${formatScope(scope)}`,
              message:
                shown === undefined
                  ? `${nameOfLimit(limit)} is within its limit again.`
                  : `${nameOfLimit(limit)} is ${shown.value} (limit ${shown.limit}), within its limit again.`,
            }),
        fields: {
          Scope: scope,
          Limit: limit,
          ...(shown === undefined ? {} : { Value: shown.value, Threshold: shown.limit }),
        },
      };
    }
    return undefined;
  },
});

function consequence(limit: string, scope: string): string {
  const noHalt = 'It does not halt trading by itself.';
  return REDUCE_ONLY.has(limit)
    ? `Until it clears only orders that reduce a position are placed in ${formatScope(scope)}. ${noHalt}`
    : noHalt;
}
