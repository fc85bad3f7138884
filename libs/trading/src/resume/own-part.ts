import { GLOBAL_SCOPE } from '../risk-monitor/circuit-breaker';
import type { Resume } from './resume';

/**
 * What one of several market makers takes over from the log that they share: what its own symbols left, and what stands
 * against the whole account. The rest is the others'.
 */
export function ownPartOf(resume: Resume, symbols: readonly string[]): Resume {
  const own = new Set(symbols);
  const ofOwnSymbol = ({ symbol }: { readonly symbol: string }): boolean => own.has(symbol);
  const ofOwnScope = ({ scope }: { readonly scope: string }): boolean =>
    scope === GLOBAL_SCOPE || own.has(scope);
  return {
    ...resume,
    positions: resume.positions.filter(ofOwnSymbol),
    openOrders: resume.openOrders.filter(ofOwnSymbol),
    panickedStrategies: resume.panickedStrategies.filter(ofOwnSymbol),
    openBreakers: resume.openBreakers.filter(ofOwnScope),
    breachedLimits: resume.breachedLimits.filter(ofOwnScope),
  };
}
