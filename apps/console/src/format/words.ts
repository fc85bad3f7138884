import type { LimitView, SymbolRow, VerdictView } from '@opensqt/observability/console-api';
import { count } from './decimal';
import { clockNear } from './time';

/** A code as words: `max_drawdown` is `max drawdown`. */
export const spaced = (code: string): string => code.replaceAll('_', ' ');

/** With its first letter large. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The scope of a limit or breaker: a symbol, or all of them. */
export const scopeWords = (scope: string): string => (scope === 'global' ? 'all symbols' : scope);

/** `1 alert`, `2 alerts`. */
export const plural = (number: number, one: string): string =>
  `${count(number)} ${one}${number === 1 ? '' : 's'}`;

const PAST = [
  [/\bstands? still\b/g, 'stood still'],
  [/\btrades?\./g, 'traded.'],
  [/\bis\b/g, 'was'],
  [/\bare\b/g, 'were'],
] as const;

/** A sentence about a verdict or a symbol, of a moment that is over. */
export const inThePast = (sentence: string): string =>
  PAST.reduce((text, [now, then]) => text.replace(now, then), sentence);

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** A verdict's title of a moment that is over: `Was not trading: circuit breaker`. */
export function titleInThePast(title: string): string {
  if (/^(Was|Had) /.test(title)) return title;
  return `Was ${inThePast(lowerFirst(title))}`;
}

/** The look of a verdict: `partly` trades, but not with every symbol. */
export type VerdictLook = 'trading' | 'partly' | 'halted' | 'unknown';

export function verdictLook({ verdict, symbols }: VerdictView): VerdictLook {
  switch (verdict) {
    case 'trading':
      return symbols.still.length > 0 ? 'partly' : 'trading';
    case 'not_trading':
      return 'halted';
    case 'unknown':
      return 'unknown';
  }
}

/** The tense in which a row speaks. */
export type Tense = 'now' | 'stale' | 'past';

const STATES: Readonly<Record<SymbolRow['state'], Readonly<Record<Tense, string>>>> = {
  quoting: { now: 'Quoting', stale: 'Was quoting', past: 'Was quoting' },
  one_side: { now: 'One side', stale: 'Had one side', past: 'Had one side' },
  no_orders: { now: 'No orders', stale: 'Had no orders', past: 'Had no orders' },
  stopped: { now: 'Stopped', stale: 'Was stopped', past: 'Was stopped' },
};

export const stateWords = (row: SymbolRow, tense: Tense): string => STATES[row.state][tense];

/** The words beside a symbol's state: its reason, and the time at which that ends. */
export function reasonWords(row: SymbolRow, now: number, tense: Tense): string {
  if (!row.reason) return row.state === 'quoting' ? 'both sides' : 'the log gives no reason';
  const { words, until } = row.reason;
  const ends = until === null || words.includes('until') ? '' : `, until ${clockNear(until, now)}`;
  return (tense === 'now' ? words : inThePast(words)) + ends;
}

/** The limit of that name that counts for a figure: that of all symbols, else the one nearest to its threshold. */
export function limitNamed(limits: readonly LimitView[], name: string): LimitView | null {
  const named = limits.filter(({ limit }) => limit === name);
  const part = ({ value, threshold }: LimitView) =>
    value === null || threshold === null || Number(threshold) === 0 ? -1 : Number(value) / Number(threshold);
  return (
    named.find(({ scope }) => scope === 'global') ?? [...named].sort((a, b) => part(b) - part(a))[0] ?? null
  );
}
