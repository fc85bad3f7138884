import type { Side } from '@opensqt/trading-events';
import type { SymbolMetrics } from '../../metrics/projection/metrics.state';
import type { StillSymbol } from '../../health/verdict';
import type { SymbolRow } from '../api/overview';
import type { Mark } from '../api/values';
import type { OpenBreaker, StateMark, SymbolState } from '../state/console.state';
import { extreme, product, total, totals } from './amounts';
import type { OverviewSources } from './sources';

const NO_REASON = 'the log gives no reason';

/** A moment as the API has it. */
export function markOf(
  mark: { readonly at: number; readonly position?: number | undefined } | undefined,
): Mark | null {
  return mark === undefined ? null : { at: mark.at, position: mark.position ?? null };
}

/** One row per symbol that was ever traded, in the order in which they were started. */
export function symbolRows(sources: OverviewSources): SymbolRow[] {
  const { console, metrics, verdict } = sources;
  return [...console.symbols].map(([symbol, state]) => {
    const measured = metrics.symbols.get(symbol);
    const still = verdict.symbols.still.find((each) => each.symbol === symbol);
    return rowOf(symbol, state, measured, still, sources);
  });
}

function rowOf(
  symbol: string,
  state: SymbolState,
  measured: SymbolMetrics | undefined,
  still: StillSymbol | undefined,
  sources: OverviewSources,
): SymbolRow {
  const strategies = [...(measured?.strategies.values() ?? [])];
  const sizes = strategies.flatMap(({ size }) => (size === undefined ? [] : [size]));
  const unrealized = strategies.flatMap((each) => (each.unrealized === undefined ? [] : [each.unrealized]));
  const position = sizes.length === 0 ? null : total(sizes);
  const shown = priceOf(symbol, state, sources);
  const fees = totals(state.fees);
  return {
    symbol,
    exchange: state.exchange ?? null,
    strategy: state.strategy ?? null,
    quoteAsset: quoteAssetOf(symbol, state, sources),
    ...standingOf(symbol, state, measured, still, sources.console.breakers),
    bid: best(state, measured, 'buy'),
    ask: best(state, measured, 'sell'),
    ...shown,
    position,
    value: position === null || shown.price === null ? null : product(position, shown.price),
    entry: (strategies.length === 1 ? strategies[0]?.entryPrice : state.entry) ?? null,
    unrealized: unrealized.length === 0 ? null : total(unrealized),
    unrealizedFrom: markOf(state.valued),
    realized:
      strategies.length === 0
        ? null
        : total(strategies.map(({ realized: { profit, loss } }) => profit.minus(loss).toString())),
    fees,
    fills: state.fills,
    lastFill: markOf(state.lastFill),
  };
}

function standingOf(
  symbol: string,
  state: SymbolState,
  measured: SymbolMetrics | undefined,
  still: StillSymbol | undefined,
  breakers: ReadonlyMap<string, OpenBreaker>,
): Pick<SymbolRow, 'state' | 'reason' | 'since' | 'resting'> {
  const resting = { buys: measured?.sides.buy.active ?? 0, sells: measured?.sides.sell.active ?? 0 };
  const until = breakerUntil([symbol, 'global'], breakers);
  const known =
    still === undefined
      ? state.paused && { code: state.paused.reason, words: state.paused.reason.replaceAll('_', ' ') }
      : { code: still.code, words: still.reason };
  const reason = known ?? { code: 'none', words: NO_REASON };
  const since = markOf(still?.since ?? state.paused?.since ?? state.changed);
  const why = { ...reason, until: reason.code === 'breaker' ? until : null };
  if (state.stopped !== undefined) {
    const words = still?.reason ?? state.stopped.replaceAll('_', ' ');
    return {
      state: 'stopped',
      reason: { code: still?.code ?? 'stopped', words, until: null },
      since,
      resting,
    };
  }
  const { buys, sells } = resting;
  if (buys > 0 && sells > 0) return { state: 'quoting', reason: null, since, resting };
  return { state: buys + sells > 0 ? 'one_side' : 'no_orders', reason: why, since, resting };
}

function breakerUntil(scopes: readonly string[], breakers: ReadonlyMap<string, OpenBreaker>): number | null {
  const ends = scopes.flatMap((scope) => breakers.get(scope)?.until ?? []);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** One that was stated again, or late, after its end is not open. */
function best({ resting }: SymbolState, measured: SymbolMetrics | undefined, side: Side): string | null {
  const prices = [...resting].flatMap(([orderId, order]) =>
    order.side === side && order.price !== undefined && measured?.openOrders.has(orderId) !== false
      ? [order.price]
      : [],
  );
  return extreme(prices, side === 'buy' ? 'max' : 'min');
}

function priceOf(
  symbol: string,
  { sample, lastFill }: SymbolState,
  { live }: OverviewSources,
): Pick<SymbolRow, 'price' | 'priceAt' | 'priceFrom' | 'priceAge' | 'priceStale'> {
  const seen = live?.priceOf(symbol);
  if (live !== undefined && seen !== undefined) {
    const priceStale = seen.age > live.staleAfter;
    return { price: seen.price, priceAt: seen.at, priceFrom: 'live', priceAge: seen.age, priceStale };
  }
  const isSample = sample !== undefined && sample.at >= (lastFill?.at ?? 0);
  const logged = isSample ? sample : lastFill;
  return {
    price: logged?.price ?? null,
    priceAt: logged?.at ?? null,
    priceFrom: logged === undefined ? null : isSample ? 'sample' : 'fill',
    priceAge: null,
    priceStale: live !== undefined,
  };
}

/** The currency that prices are in: as a limit of the symbol says, or the end of its name that fees are paid in. */
export function quoteAssetOf(
  symbol: string,
  { fees }: SymbolState,
  { console: { limits, breakers } }: Pick<OverviewSources, 'console'>,
): string | null {
  const scoped = [...limits.values(), ...breakers.values()];
  const stated = scoped.find(({ scope, quoteAsset }) => quoteAsset !== undefined && scope === symbol);
  const paid = [...fees.keys()].find((asset) => asset !== '' && symbol.endsWith(asset));
  return (
    stated?.quoteAsset ??
    paid ??
    scoped.find(({ scope, quoteAsset }) => quoteAsset && scope === 'global')?.quoteAsset ??
    null
  );
}

export function oldest(marks: readonly (StateMark | undefined)[]): Mark | null {
  return markOf(
    marks.reduce(
      (first, mark) => (mark !== undefined && (first === undefined || mark.at < first.at) ? mark : first),
      undefined,
    ),
  );
}
