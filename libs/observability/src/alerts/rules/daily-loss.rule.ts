import { AlertLevel, type EpochMs, type TradingEvent } from '@opensqt/trading-events';
import { amount } from '@opensqt/trading-events/options';
import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { formatBesideLimit, money } from '../../format/limit';
import { formatMoney } from '../../format/number';
import { formatDateTime } from '../../format/time';
import { isBefore, isLate } from '../../projections/projection';
import { lastTime, nextTime } from '../../summary/daily-time';
import { type RuleMemory, type RuleVerdict, defineRule } from './alert-rule';

const Exact = Decimal.clone({ precision: 200 });

const options = {
  /** The alert on the loss of a day. */
  dailyLoss: z
    .strictObject({
      /** Realized and unrealized loss and fees since midnight in `timeZone`, in quote currency, from which it is an alert. Absent: none is. */
      limit: amount.optional(),
    })
    .prefault({}),
};

/** PnL of a symbol, signed, in quote currency. */
interface Pnl {
  /** Undefined until an event names it. */
  readonly quote?: string;
  /** Since midnight, before fees. */
  readonly realized: string;
  /** In quote currency, since midnight. */
  readonly fees: string;
  /** Fees since midnight in assets that the symbol is not made of, by asset: they are not counted. */
  readonly otherFees: Readonly<Record<string, string>>;
  /** By strategy, as of the last event that said so. */
  readonly unrealized: Readonly<Record<string, Valuation>>;
  /** The sum of it at midnight. */
  readonly unrealizedBefore: string;
  /** The symbol was stopped, and no strategy has said since what it holds. */
  readonly wasStopped?: boolean;
}

interface Valuation {
  readonly amount: string;
  /** The time of the event that said so: one that comes late changes nothing. Undefined: any does. */
  readonly at?: EpochMs | undefined;
}

interface Memory {
  readonly day?: { readonly from: EpochMs; readonly until: EpochMs };
  readonly symbols: Readonly<Record<string, Pnl>>;
}

/** The symbols of one quote currency have lost so much since midnight: ERROR. It halts nothing; limits that do are the risk monitor's. */
export const dailyLoss = defineRule({
  condition: 'daily_loss',
  levels: [AlertLevel.Error],
  documentation: {
    raisedBy:
      'a realized and unrealized loss, with fees in the quote currency or the base asset, since midnight in `time_zone` that reaches `daily_loss.limit`; off unless configured',
    level: 'ERROR',
    resolvedBy: 'a loss below the limit, or the next midnight',
    about: 'quote currency',
  },
  options,
  handles: [
    'symbol.started',
    'symbol.stopped',
    'order.filled',
    'position.changed',
    'market.sampled',
    'circuit_breaker.tripped',
  ],
  memory: ({ dailyLoss: { limit }, timeZone }): RuleMemory<Memory> | undefined =>
    limit === undefined
      ? undefined
      : {
          version: `6 ${timeZone}`,
          initial: () => ({ symbols: {} }),
          evolve: (memory, event) =>
            evolve(onDayOf(inTime(memory, event), event.occurredAt, timeZone), event),
          due: ({ day }, after) => (day !== undefined && day.until > after ? day.until : undefined),
          decide(memory, now) {
            const today = onDayOf(memory, now, timeZone);
            const quotes = new Set(['', ...Object.values(today.symbols).map(({ quote = '' }) => quote)]);
            return [...quotes].map((quote) => verdictOn(today, quote, limit, timeZone));
          },
        },
});

function evolve(memory: Memory, event: TradingEvent): Memory {
  const { occurredAt: at } = event;
  switch (event.type) {
    case 'symbol.started':
      return startedAt(memory, event.data.symbol, at);
    case 'symbol.stopped':
      return Object.hasOwn(memory.symbols, event.data.symbol)
        ? withSymbol(memory, event.data.symbol, { wasStopped: true })
        : memory;
    case 'order.filled': {
      const { symbol, price, fee, feeAsset } = event.data;
      const { fees, otherFees } = pnlOf(memory, symbol);
      if (feeAsset === '') return memory;
      const isOwn = symbol !== feeAsset;
      if (isOwn && symbol.endsWith(feeAsset))
        return withSymbol(memory, symbol, { quote: feeAsset, fees: plus(fees, fee) });
      if (Number(fee) === 0) return memory;
      if (isOwn && symbol.startsWith(feeAsset))
        return withSymbol(memory, symbol, { fees: plus(fees, new Exact(fee).times(price).toFixed()) });
      const before = Object.hasOwn(otherFees, feeAsset) ? otherFees[feeAsset] : undefined;
      return withSymbol(memory, symbol, {
        otherFees: { ...otherFees, [feeAsset]: plus(before ?? '0', fee) },
      });
    }
    case 'position.changed': {
      const { symbol, strategy, realizedPnl, unrealizedPnl: amount } = event.data;
      const realized = plus(pnlOf(memory, symbol).realized, realizedPnl);
      return valued(withSymbol(memory, symbol, { realized }), symbol, strategy, { amount, at });
    }
    case 'market.sampled': {
      const { symbol, strategy, unrealizedPnl: amount } = event.data;
      return valued(memory, symbol, strategy, { amount, at });
    }
    case 'circuit_breaker.tripped': {
      const { scope, unrealizedPnl: amount, positionsKept } = event.data;
      if (scope === 'global' || amount === undefined || positionsKept === false) return memory;
      // It is of the whole symbol.
      const [strategy, ...others] = Object.keys(pnlOf(memory, scope).unrealized);
      if (strategy === undefined || others.length > 0) return memory;
      return valued(memory, scope, strategy, { amount, at });
    }
    default:
      return memory;
  }
}

/** A run that starts at an earlier time, as a recording does that is traded again, is not late. */
function startedAt(memory: Memory, symbol: string, at: EpochMs): Memory {
  if (!Object.hasOwn(memory.symbols, symbol)) return memory;
  const unrealized = Object.entries(pnlOf(memory, symbol).unrealized).map(
    ([strategy, { amount, at: valuedAt }]) =>
      [strategy, isBefore(at, valuedAt) ? { amount } : { amount, at: valuedAt }] as const,
  );
  return withSymbol(memory, symbol, { unrealized: Object.fromEntries(unrealized) });
}

function valued(memory: Memory, symbol: string, strategy: string, valuation: Valuation): Memory {
  const { unrealized: valuations, wasStopped } = pnlOf(memory, symbol);
  // After a stop another strategy may hold what the one before held: who still has something says so anew.
  const unrealized = wasStopped === true ? {} : valuations;
  const known = Object.hasOwn(unrealized, strategy) ? unrealized[strategy] : undefined;
  const isNew = known === undefined || !isLate(valuation.at ?? Infinity, known.at);
  // Late or not, for the clock may have been set back: a greater loss counts.
  if (!isNew && !new Exact(valuation.amount).lessThan(known.amount)) return memory;
  const newest = isNew ? valuation : { ...known, amount: valuation.amount };
  return withSymbol(memory, symbol, { unrealized: { ...unrealized, [strategy]: newest }, wasStopped: false });
}

/** A run that starts before the day begins one of its own: it trades a recording again, or the clock was ahead. */
function inTime(memory: Memory, { type, occurredAt: at }: TradingEvent): Memory {
  const { day, ...dayless } = memory;
  const isEarlier = day !== undefined && at < day.from && !isLate(at, day.from);
  return type === 'symbol.started' && isEarlier ? dayless : memory;
}

/** A day begins with nothing realized, and with what is unrealized as its zero. An event of an earlier day counts for the current one. */
function onDayOf(memory: Memory, at: EpochMs, timeZone: string): Memory {
  if (memory.day !== undefined && at < memory.day.until) return memory;
  const midnight = { at: '00:00', timeZone };
  const symbols = Object.entries(memory.symbols).map(([symbol, pnl]) => [
    symbol,
    { ...pnl, realized: '0', fees: '0', otherFees: {}, unrealizedBefore: unrealizedOf(pnl).toFixed() },
  ]);
  return {
    day: { from: lastTime(midnight, at), until: nextTime(midnight, at) },
    symbols: Object.fromEntries(symbols),
  };
}

function verdictOn(memory: Memory, quote: string, limit: string, timeZone: string): RuleVerdict {
  const symbols = Object.values(memory.symbols).filter((pnl) => (pnl.quote ?? '') === quote);
  const realized = sumOf(symbols.map((pnl) => pnl.realized));
  const unrealized = symbols.reduce(
    (sum, pnl) => sum.plus(unrealizedOf(pnl)).minus(pnl.unrealizedBefore),
    new Exact(0),
  );
  const fees = sumOf(symbols.map((pnl) => pnl.fees));
  const total = realized.plus(unrealized).minus(fees);
  const currency = quote === '' ? undefined : quote;
  const shown = formatBesideLimit(total.toFixed(), `-${limit}`, money(currency));
  const measured = `${shown.value} (limit ${shown.limit})`;
  const since = memory.day === undefined ? 'midnight' : formatDateTime(memory.day.from, timeZone);
  const about = {
    labels: currency === undefined ? {} : { quote: currency },
    fields: {
      PnL: shown.value,
      Limit: shown.limit,
      Realized: formatMoney(realized.toFixed(), currency),
      Unrealized: formatMoney(unrealized.toFixed(), currency),
      Fees: formatMoney(fees.toFixed(), currency),
      ...uncountedFees(symbols),
      Since: since,
    },
  };
  if (total.greaterThan(`-${limit}`)) {
    const title = ['Daily loss within its limit', ...(currency === undefined ? [] : [currency])].join(': ');
    return { verdict: 'resolve', ...about, title, message: `PnL since ${since} is ${measured}.` };
  }
  return {
    verdict: 'raise',
    ...about,
    level: AlertLevel.Error,
    title: `Daily loss: ${measured}`,
    message:
      `PnL since ${since} is ${measured}: realized ${about.fields.Realized}, unrealized ${about.fields.Unrealized} as of the last fill or sample, fees ${about.fields.Fees}. ` +
      'This does not halt trading by itself.',
  };
}

/** The field that names fees in other assets. */
function uncountedFees(symbols: readonly Pnl[]): Readonly<Record<string, string>> {
  const assets = new Set(symbols.flatMap(({ otherFees }) => Object.keys(otherFees)));
  if (assets.size === 0) return {};
  const amounts = [...assets]
    .toSorted()
    .map((asset) =>
      formatMoney(sumOf(symbols.map(({ otherFees }) => otherFees[asset] ?? '0')).toFixed(), asset),
    );
  return { 'Fees not counted': amounts.join(', ') };
}

function withSymbol(memory: Memory, symbol: string, change: Partial<Pnl>): Memory {
  return { ...memory, symbols: { ...memory.symbols, [symbol]: { ...pnlOf(memory, symbol), ...change } } };
}

function pnlOf({ symbols }: Memory, symbol: string): Pnl {
  const known = Object.hasOwn(symbols, symbol) ? symbols[symbol] : undefined;
  return known ?? { realized: '0', fees: '0', otherFees: {}, unrealized: {}, unrealizedBefore: '0' };
}

function unrealizedOf({ unrealized }: Pnl): Decimal {
  return sumOf(Object.values(unrealized).map(({ amount }) => amount));
}

function plus(sum: string, amount: string): string {
  return new Exact(sum).plus(amount).toFixed();
}

function sumOf(amounts: readonly string[]): Decimal {
  return amounts.reduce((sum, one) => sum.plus(one), new Exact(0));
}
