import type { DecimalString, EpochMs, ExchangeStream, Side } from '@opensqt/trading-events';
import type { HeldPosition } from '../position-manager/position-manager';
import { GLOBAL_SCOPE, type OpenBreaker } from '../risk-monitor/circuit-breaker';
import type { Losses } from '../risk-monitor/loss-streak';
import type { EarlierPnl } from '../risk-monitor/risk-state';
import type { BreachedLimit } from '../risk-monitor/soft-limits';

/** An order that was open when an earlier run ended. */
export interface LeftOrder {
  readonly symbol: string;
  readonly strategy: string;
  readonly orderId: string;
  readonly side: Side;
}

/** A strategy that had panicked and was not restarted. */
export interface PanickedStrategy {
  readonly symbol: string;
  readonly strategy: string;
}

/** A connection that was lost and not restored. */
export interface LostStream {
  readonly exchange: string;
  readonly stream: ExchangeStream;
  readonly since: EpochMs;
}

/** The state that an earlier run left, for the next one to take over. */
export interface Resume {
  /** Market time of the last event; the market goes on after it. */
  readonly since: EpochMs;
  readonly positions: readonly HeldPosition[];
  readonly openOrders: readonly LeftOrder[];
  readonly openBreakers: readonly OpenBreaker[];
  readonly breachedLimits: readonly BreachedLimit[];
  readonly panickedStrategies: readonly PanickedStrategy[];
  readonly lostStreams: readonly LostStream[];
  /** Symbols that were traded when the process ended. */
  readonly symbols: readonly string[];
  /** Orders in a row that closed at a loss, by symbol. */
  readonly losses: Readonly<Record<string, Losses>>;
  readonly pnl: EarlierPnl;
  /** Times at which breakers were reset last, by scope. */
  readonly resetAt: Readonly<Record<string, EpochMs>>;
  /** By symbol, as far as known. */
  readonly lastPrices: Readonly<Record<string, DecimalString>>;
}

/**
 * The part of a shared log that one of several market makers takes over: its own symbols, and what stands against the whole
 * account. The rest is the others'.
 */
export function ownPartOf(resume: Resume, symbols: readonly string[]): Resume {
  const own = new Set(symbols);
  const ofOwnSymbol = ({ symbol }: { readonly symbol: string }): boolean => own.has(symbol);
  const ofOwnScope = ({ scope }: { readonly scope: string }): boolean =>
    scope === GLOBAL_SCOPE || own.has(scope);
  return {
    ...resume,
    symbols: resume.symbols.filter((symbol) => own.has(symbol)),
    positions: resume.positions.filter(ofOwnSymbol),
    openOrders: resume.openOrders.filter(ofOwnSymbol),
    panickedStrategies: resume.panickedStrategies.filter(ofOwnSymbol),
    openBreakers: resume.openBreakers.filter(ofOwnScope),
    breachedLimits: resume.breachedLimits.filter(ofOwnScope),
  };
}
