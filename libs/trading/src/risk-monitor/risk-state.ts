import type { DecimalString } from '@opensqt/trading-events';
import type { OpenBreaker } from './circuit-breaker';
import type { Losses } from './loss-streak';
import type { BreachedLimit } from './soft-limits';

/** Profit of all symbols over all earlier runs, quote currency. */
export interface EarlierPnl {
  /** Realized, fees deducted. */
  readonly net: DecimalString;
  /** By symbol, as of the last fact. */
  readonly unrealized: Readonly<Record<string, DecimalString>>;
  /** The highest sum of both since the global breaker was reset; null when there was none. */
  readonly peak: DecimalString | null;
}

/** Breakers and limits that an earlier run left. */
export interface RiskState {
  readonly openBreakers: readonly OpenBreaker[];
  readonly breachedLimits: readonly BreachedLimit[];
  readonly positions: readonly { readonly symbol: string; readonly size: DecimalString }[];
  readonly openOrders: readonly { readonly symbol: string }[];
  readonly losses: Readonly<Record<string, Losses>>;
  readonly pnl: EarlierPnl;
}
