import { SOURCES } from './market/sources';
import type { SourceKind } from './market/market-source';
import { STRATEGIES } from './strategy/registry';
import type { StrategyKind } from './strategy/strategy';
import { TradingError } from './trading-error';
import { VENUES } from './venues/registry';
import type { VenueKind } from './venues/venue';

/** All that options choose by name. */
export interface Kinds {
  readonly strategies: Readonly<Record<string, StrategyKind>>;
  readonly venues: Readonly<Record<string, VenueKind>>;
  readonly sources: Readonly<Record<string, SourceKind>>;
}

/** The built-in ones. */
export const KINDS: Kinds = { strategies: STRATEGIES, venues: VENUES, sources: SOURCES };

/** @throws TradingError `OPTIONS_INVALID` when there is none of that name */
export function kindOf<Kind>(kinds: Readonly<Record<string, Kind>>, name: string, what: string): Kind {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind !== undefined) return kind;
  const known = Object.keys(kinds).join(', ');
  throw new TradingError('OPTIONS_INVALID', `There is no ${what} '${name}'. Known: ${known}.`);
}
