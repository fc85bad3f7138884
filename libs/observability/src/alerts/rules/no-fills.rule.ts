import { AlertLevel, type EpochMs, type TradingEvent, formatDuration } from '@opensqt/trading-events';
import { duration } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { formatNumber } from '../../format/number';
import { formatDateTime } from '../../format/time';
import { type RuleMemory, type RuleVerdict, defineRule } from './alert-rule';

const options = {
  /** The alert on a symbol that is traded and is not filled any more. */
  noFills: z
    .strictObject({
      /** A traded symbol without a fill for this long is an alert. Absent: none is. @unit ms */
      after: duration({ min: '1s', max: '30d' }).optional(),
    })
    .prefault({}),
};

/** A symbol, as far as fills can be expected of it. */
interface Traded {
  readonly exchange?: string;
  readonly trading: boolean;
  readonly panicked?: true;
  readonly filledAt?: EpochMs;
  /** The time since which a fill can be expected: the last fill, or what trading began or went on with. */
  readonly since: EpochMs;
  /** Orders that rest at the venue. */
  readonly resting: readonly string[];
}

interface Memory {
  readonly symbols: Readonly<Record<string, Traded>>;
  /** Scopes of the breakers that halt trading. */
  readonly halted: readonly string[];
  /** Exchange and stream of the connections that are lost. */
  readonly lost: readonly string[];
}

/** A traded symbol without a fill for long: WARNING. Only where one can be expected: not while it is stopped, halted or disconnected. */
export const noFills = defineRule({
  condition: 'no_fills',
  levels: [AlertLevel.Warning],
  documentation: {
    raisedBy:
      'a traded symbol without `order.filled` for `no_fills.after`, once it had one or has resting orders; off unless configured',
    level: 'WARNING',
    resolvedBy: 'a fill; a symbol that stops, panics, is halted by a breaker or loses its exchange',
    about: 'symbol',
  },
  options,
  handles: [
    'symbol.started',
    'symbol.stopped',
    'strategy.panicked',
    'strategy.restarted',
    'exchange.disconnected',
    'exchange.reconnected',
    'circuit_breaker.tripped',
    'circuit_breaker.reset',
    'order.placed',
    'order.filled',
    'order.canceled',
    'order.rejected',
  ],
  memory: ({ noFills: { after: limit }, timeZone }): RuleMemory<Memory> | undefined =>
    limit === undefined
      ? undefined
      : {
          version: 1,
          initial: () => ({ symbols: {}, halted: [], lost: [] }),
          evolve,
          due(memory, after) {
            const times = entriesOf(memory)
              .filter(([symbol, traded]) => isExpected(memory, symbol, traded))
              .map(([, { since }]) => since + limit)
              .filter((at) => at > after);
            return times.length === 0 ? undefined : Math.min(...times);
          },
          decide(memory, now, event) {
            const about = event !== undefined && 'symbol' in event.data ? event.data.symbol : undefined;
            return entriesOf(memory)
              .filter(([symbol]) => about === undefined || symbol === about)
              .map(([symbol, traded]) => {
                const isSilent = now - traded.since >= limit;
                return isExpected(memory, symbol, traded) && isSilent
                  ? raised(symbol, traded, limit, timeZone)
                  : resolved(symbol, traded, memory, timeZone);
              });
          },
        },
});

function evolve(memory: Memory, event: TradingEvent): Memory {
  const { occurredAt: now } = event;
  switch (event.type) {
    case 'symbol.started': {
      const { symbol, exchange } = event.data;
      const { panicked: _, ...traded } = tradedOf(memory, symbol, now);
      return withSymbol(memory, symbol, { ...traded, exchange, trading: true, since: now, resting: [] });
    }
    case 'symbol.stopped':
      return changed(memory, event.data.symbol, now, { trading: false, resting: [] });
    case 'strategy.panicked':
      return changed(memory, event.data.symbol, now, { panicked: true });
    case 'strategy.restarted': {
      const { panicked: _, ...traded } = tradedOf(memory, event.data.symbol, now);
      return withSymbol(memory, event.data.symbol, { ...traded, since: now });
    }
    case 'exchange.disconnected':
      return { ...memory, lost: withOne(memory.lost, connection(event.data)) };
    case 'exchange.reconnected': {
      const { exchange } = event.data;
      const resumed = resume(memory, now, (_, traded) => traded.exchange === exchange);
      return { ...resumed, lost: without(memory.lost, connection(event.data)) };
    }
    case 'circuit_breaker.tripped':
      return { ...memory, halted: withOne(memory.halted, event.data.scope) };
    case 'circuit_breaker.reset': {
      const { scope } = event.data;
      const resumed = resume(memory, now, (symbol) => scope === 'global' || scope === symbol);
      return { ...resumed, halted: without(memory.halted, scope) };
    }
    case 'order.placed': {
      const { symbol, orderId, orderType } = event.data;
      const traded = tradedOf(memory, symbol, now);
      if (orderType === 'market') return withSymbol(memory, symbol, traded);
      const isFirst = traded.filledAt === undefined && traded.resting.length === 0;
      const resting = withOne(traded.resting, orderId);
      return withSymbol(memory, symbol, { ...traded, resting, ...(isFirst ? { since: now } : {}) });
    }
    case 'order.filled': {
      const { symbol, orderId, remaining } = event.data;
      const { resting, since } = tradedOf(memory, symbol, now);
      const left = Number(remaining) === 0 ? without(resting, orderId) : resting;
      return changed(memory, symbol, now, { filledAt: now, since: Math.max(since, now), resting: left });
    }
    case 'order.canceled':
    case 'order.rejected': {
      const { symbol, orderId } = event.data;
      return changed(memory, symbol, now, {
        resting: without(tradedOf(memory, symbol, now).resting, orderId),
      });
    }
    default:
      return memory;
  }
}

function isExpected({ halted, lost }: Memory, symbol: string, traded: Traded): boolean {
  const { trading, panicked, exchange, filledAt, resting } = traded;
  if (!trading || panicked === true || halted.includes('global') || halted.includes(symbol)) return false;
  if (exchange !== undefined && lost.some((one) => one.startsWith(`${exchange} `))) return false;
  return filledAt !== undefined || resting.length > 0;
}

function raised(symbol: string, traded: Traded, after: number, timeZone: string): RuleVerdict {
  const { since, filledAt, resting } = traded;
  const from = formatDateTime(since, timeZone);
  return {
    verdict: 'raise',
    labels: { symbol },
    level: AlertLevel.Warning,
    title: `No fills: ${symbol}`,
    message:
      `No order of ${symbol} was filled for ${formatDuration(after)} (limit ${formatDuration(after)}), since ${from}. ` +
      'No breaker is open for it, and its exchange is connected.',
    fields: {
      Symbol: symbol,
      'Last fill': filledAt === undefined ? 'none yet' : formatDateTime(filledAt, timeZone),
      'Resting orders': formatNumber(resting.length),
    },
  };
}

function resolved(symbol: string, traded: Traded, memory: Memory, timeZone: string): RuleVerdict {
  const { filledAt } = traded;
  const isFilled = isExpected(memory, symbol, traded) && filledAt !== undefined && filledAt >= traded.since;
  return {
    verdict: 'resolve',
    labels: { symbol },
    title: isFilled ? `Fills again: ${symbol}` : `No fills expected: ${symbol}`,
    message: isFilled
      ? `An order was filled at ${formatDateTime(filledAt, timeZone)}.`
      : `It is stopped, halted or disconnected, has only begun again, or has no resting orders.`,
    fields: { Symbol: symbol },
  };
}

/** Trading goes on: what had no fill meanwhile had no chance of one. */
function resume(
  memory: Memory,
  now: EpochMs,
  isConcerned: (symbol: string, traded: Traded) => boolean,
): Memory {
  const symbols = entriesOf(memory).map(
    ([symbol, traded]) =>
      [
        symbol,
        isConcerned(symbol, traded) ? { ...traded, since: Math.max(traded.since, now) } : traded,
      ] as const,
  );
  return { ...memory, symbols: Object.fromEntries(symbols) };
}

function changed(memory: Memory, symbol: string, now: EpochMs, change: Partial<Traded>): Memory {
  return withSymbol(memory, symbol, { ...tradedOf(memory, symbol, now), ...change });
}

function withSymbol(memory: Memory, symbol: string, traded: Traded): Memory {
  return { ...memory, symbols: { ...memory.symbols, [symbol]: traded } };
}

function tradedOf({ symbols }: Memory, symbol: string, now: EpochMs): Traded {
  const known = Object.hasOwn(symbols, symbol) ? symbols[symbol] : undefined;
  return known ?? { trading: true, since: now, resting: [] };
}

function entriesOf({ symbols }: Memory): readonly (readonly [string, Traded])[] {
  return Object.entries(symbols);
}

function connection({ exchange, stream }: { readonly exchange: string; readonly stream: string }): string {
  return `${exchange} ${stream}`;
}

function withOne(list: readonly string[], one: string): readonly string[] {
  return list.includes(one) ? list : [...list, one];
}

function without(list: readonly string[], one: string): readonly string[] {
  return list.filter((other) => other !== one);
}
