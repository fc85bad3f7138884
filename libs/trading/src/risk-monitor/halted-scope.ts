import type { RiskScope } from '@opensqt/trading-events';
import { commonQuoteAssetOf } from '../market/market-rules';
import { Decimal, plain } from '../market/money';
import { type PositionView, exactNotional, exactUnrealized } from '../position-manager/position-view';
import { GLOBAL_SCOPE, type HaltedScope, covers } from './circuit-breaker';

/** The state of a scope that a trip halts. Positions are kept: only its orders are cancelled. */
export function haltedScope(
  scope: RiskScope,
  views: readonly PositionView[],
  ordersCanceled: number,
): HaltedScope {
  const held = views.filter(({ symbol }) => covers(scope, symbol));
  const [first] = held;
  const quoteAsset = commonQuoteAssetOf(held.map(({ symbol }) => symbol));
  return {
    ...(scope === GLOBAL_SCOPE || first === undefined ? {} : { position: plain(first.position.size) }),
    notional: plain(exactNotional(held)),
    unrealizedPnl: plain(exactUnrealized(held)),
    realizedPnl: plain(Decimal.sum(0, ...held.map(({ realized }) => realized))),
    ...(quoteAsset === undefined ? {} : { quoteAsset }),
    ordersCanceled,
    positionsKept: true,
  };
}
