import { type DurationMs, type EpochMs, formatDuration } from '@opensqt/trading-events';
import { sentence } from '../format/format';
import type { Blindness } from './blindness';
import type { HealthState, Mark, StillCode } from './health-state';
import { type Obstacle, endedBeforeStart, obstacleOf } from './obstacle';

/** A symbol that stands still. */
export interface StillSymbol {
  readonly symbol: string;
  readonly code: StillCode;
  /** As a clause of a sentence: `the circuit breaker of all symbols is open (max drawdown)`. */
  readonly reason: string;
  /** The record since which it stands still for this reason; without a position where no record says so. */
  readonly since: Mark | undefined;
}

/** The answer to "is it really trading?". */
export interface Verdict {
  readonly verdict: 'trading' | 'not_trading' | 'unknown';
  /** One line: `Trading, 1 of 3 symbols stands still`. */
  readonly title: string;
  /** Sentences: the symbols that stand still and why. */
  readonly reason: string;
  /** The record that last changed the answer; without a position where none did, or where it is not committed yet. */
  readonly since: Mark | undefined;
  readonly symbols: { readonly total: number; readonly still: readonly StillSymbol[] };
}

/** Evidence that a process has of the market. */
export interface LiveEvidence {
  /** Milliseconds since a price or trade of the symbol came; undefined: none has since the process started. */
  readonly ageOf: (symbol: string) => DurationMs | undefined;
  /** Milliseconds after which a symbol counts as silent. */
  readonly staleAfter: DurationMs;
  /** On the clock that events are stamped by. */
  readonly now: EpochMs;
  /** True for a while after the start: that nothing has come yet is no fault. */
  readonly isStarting: boolean;
}

/** The inputs of a verdict beside the state: none of them is known of the past. */
export interface VerdictInputs {
  /** The configured symbols. Absent: those that the state knows. */
  readonly symbols?: readonly string[] | undefined;
  /** Absent for a state of the past, where the log alone speaks. */
  readonly evidence?: LiveEvidence | undefined;
  /** The reason that the state says nothing of now: the log is replayed, or not written. */
  readonly blind?: Blindness | undefined;
  /** The state as of the last committed position, where `state` is ahead of it: positions of records are known there. */
  readonly committed?: Pick<HealthState, 'standing'> | undefined;
}

/** The order of headlines: what explains the most comes first. */
const GRAVITY: readonly StillCode[] = [
  'ended',
  'stopped',
  'disconnected',
  'breaker',
  'every_order_refused',
  'strategy_panic',
  'not_started',
  'no_price',
  'stale_price',
  'position_unknown',
  'order_size',
  'limit',
  'warming_up',
];
/** Logged reasons that matter less than having no price. */
const BEHIND_PRICES: ReadonlySet<StillCode> = new Set(GRAVITY.slice(GRAVITY.indexOf('stale_price')));
const NOT_STARTED: Obstacle = { code: 'not_started', headline: 'not started', reason: 'not started' };
const UNSEEN: ReadonlySet<StillCode> = new Set<StillCode>(['not_started', 'no_price']);

type Still = StillSymbol & Pick<Obstacle, 'headline'>;

/**
 * Says whether a bot trades, from its state at any position of its log and from what is known beside it. The only place that does.
 *
 * @example
 * verdictOf(health.current, {}).title; // 'Not trading: circuit breaker'
 */
export function verdictOf(state: HealthState, inputs: VerdictInputs): Verdict {
  const counted = inputs.symbols ?? knownSymbols(state);
  const still = counted.flatMap((symbol) => stillSymbol(state, symbol, inputs) ?? []);
  const symbols = { total: counted.length, still: still.map(({ headline: _, ...symbol }) => symbol) };
  const { blind } = inputs;
  if (blind !== undefined)
    return { ...unknown(blind.headline, sentence(blind.reason)), since: undefined, symbols };
  if (counted.length === 0)
    return { ...unknown('no symbol is traded', 'No symbol has been started.'), since: undefined, symbols };
  const since = lastChange(
    counted.map((symbol) => {
      const found = still.find((each) => each.symbol === symbol);
      return found === undefined ? sinceOf(state, symbol, inputs) : found.since;
    }),
  );
  const reason = reasonOf(counted, still);
  if (still.length < counted.length) {
    const title =
      still.length === 0
        ? 'Trading'
        : `Trading, ${still.length} of ${counted.length} symbols ${still.length === 1 ? 'stands' : 'stand'} still`;
    return { verdict: 'trading', title, reason, since, symbols };
  }
  if (still.every(({ code }) => UNSEEN.has(code)))
    return { ...unknown('no price received yet', reason), since, symbols };
  return { verdict: 'not_trading', title: `Not trading: ${headlines(still)}`, reason, since, symbols };
}

function unknown(headline: string, reason: string) {
  return { verdict: 'unknown', title: `Unknown: ${headline}`, reason } as const;
}

/** Those that are traded, and those that ended with the process; without any, those that were stopped. */
function knownSymbols({ trading, ended }: HealthState): readonly string[] {
  const withProcess = [...ended].filter(([, reason]) => reason === 'process_exit').map(([symbol]) => symbol);
  const known = [...trading.keys(), ...withProcess];
  return known.length > 0 ? known : [...ended.keys()];
}

function stillSymbol(state: HealthState, symbol: string, inputs: VerdictInputs): Still | undefined {
  const obstacle = obstacleOf(state, symbol);
  const logged = obstacle && { ...obstacle, symbol, since: sinceOf(state, symbol, inputs) };
  if (logged !== undefined && !BEHIND_PRICES.has(logged.code)) return logged;
  return unseen(state, symbol, inputs.evidence) ?? logged;
}

function unseen(state: HealthState, symbol: string, evidence: LiveEvidence | undefined): Still | undefined {
  const startedAt = state.trading.get(symbol);
  if (startedAt === undefined) {
    const obstacle = endedBeforeStart(state) ?? NOT_STARTED;
    return { ...obstacle, symbol, since: undefined };
  }
  if (evidence === undefined) return undefined;
  const { ageOf, staleAfter, now } = evidence;
  const age = ageOf(symbol);
  if (age === undefined) {
    const reason = 'no price was received since the start';
    return { symbol, code: 'no_price', headline: 'no price', reason, since: { at: startedAt } };
  }
  if (age <= staleAfter) return undefined;
  const reason = `no price for ${formatDuration(age)} (limit ${formatDuration(staleAfter)})`;
  return { symbol, code: 'stale_price', headline: 'no price', reason, since: { at: now - age } };
}

/** The record since which a symbol is as the log has it. */
function sinceOf(state: HealthState, symbol: string, { committed }: VerdictInputs): Mark | undefined {
  const standing = state.standing.get(symbol);
  const known = committed?.standing.get(symbol);
  const isSame =
    standing !== undefined && known?.code === standing.code && known.since.at === standing.since.at;
  return isSame ? known.since : standing?.since;
}

function lastChange(marks: readonly (Mark | undefined)[]): Mark | undefined {
  return marks.reduce((latest, mark) => (isLater(mark, latest) ? mark : latest), undefined);
}

/** By position, where both have one: times of sources differ. */
function isLater(mark: Mark | undefined, than: Mark | undefined): boolean {
  if (mark === undefined || than === undefined) return mark !== undefined;
  if (mark.position !== undefined && than.position !== undefined) return mark.position > than.position;
  return mark.at > than.at;
}

function headlines(still: readonly Still[]): string {
  const gravest = [...still].sort((a, b) => GRAVITY.indexOf(a.code) - GRAVITY.indexOf(b.code));
  return [...new Set(gravest.map(({ headline }) => headline))].join(', ');
}

/** Symbols that are named one by one. */
const NAMED = 5;

function reasonOf(counted: readonly string[], still: readonly Still[]): string {
  const reasons = [...new Set(still.map(({ reason }) => reason))];
  const halts = reasons.map((reason) => {
    const symbols = still.filter((each) => each.reason === reason).map(({ symbol }) => symbol);
    const subject = subjectOf(symbols, symbols.length === counted.length);
    return sentence(`${subject} ${symbols.length === 1 ? 'stands' : 'stand'} still: ${reason}`);
  });
  const trading = counted.filter((symbol) => !still.some((each) => each.symbol === symbol));
  if (trading.length === 0) return halts.join(' ');
  const subject =
    still.length === 0
      ? subjectOf(trading, true)
      : trading.length === 1
        ? trading.join()
        : `The other ${trading.length} symbols`;
  return [...halts, `${subject} ${trading.length === 1 ? 'trades' : 'trade'}.`].join(' ');
}

function subjectOf(symbols: readonly string[], isAll: boolean): string {
  if (isAll && symbols.length === 2) return 'Both symbols';
  if (isAll && symbols.length > 2) return `All ${symbols.length} symbols`;
  const named = symbols.slice(0, NAMED);
  const more = symbols.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}
