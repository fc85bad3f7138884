import type { DurationMs, RiskScope, Side } from '@opensqt/trading-events';
import type { ResolvedRisk } from './risk.options';

/** The limits, with those of single symbols. */
export interface RiskLimits extends ResolvedRisk {
  /** By symbol; a symbol that is absent has `maxMarketDataAge`. */
  readonly marketDataAges?: Readonly<Record<string, DurationMs | undefined>>;
}

/** An order that may still be filled, at its place in the target. */
export interface RestingOrder {
  readonly side: Side;
  readonly level: number;
  /** Of what is not filled yet, quote currency. */
  readonly notional: number;
}

/** The orders that are withdrawn when a breaker trips, or prices do not come. */
export interface ScopeOrders {
  /** Number of the scope's orders that {@link onTripped} cancels. */
  cancellable(scope: RiskScope): number;
  onTripped(scope: RiskScope, eventId: string): void;
  /** No price of the symbol has come for longer than is allowed, though its stream is connected. */
  onStale(symbol: string): void;
}
