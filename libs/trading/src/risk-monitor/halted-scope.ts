import type { RiskScope } from '@opensqt/trading-events';
import { commonAssetOf } from '../market/market-rules';
import { Decimal, plain } from '../market/money';
import type { PositionManager } from '../position-manager/position-manager';
import { exactNotional, exactUnrealized } from '../position-manager/position-view';
import { GLOBAL_SCOPE, type HaltedScope, covers } from './circuit-breaker';

/** The state of a scope that a trip halts. Positions are kept: only its orders are cancelled. */
export function haltedScope(
  scope: RiskScope,
  positions: PositionManager,
  ordersCanceled: number,
): HaltedScope {
  const held = positions.views().filter(({ symbol }) => covers(scope, symbol));
  const [first] = held;
  const quoteAsset = commonAssetOf(held.map(({ symbol }) => positions.quoteAssetOf(symbol)));
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
