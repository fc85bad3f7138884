import { AlertLevel, type EpochMs, type OrderRejected, type TradingEvent } from '@opensqt/trading-events';
import { duration } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { formatBesideLimit, milliseconds } from '../../format/limit';
import { formatNumber } from '../../format/number';
import { formatDateTime } from '../../format/time';
import type { SubjectLabels } from '../model/fingerprint';
import { type RuleMemory, type RuleVerdict, defineRule } from './alert-rule';

const options = {
  /** The alert on a venue that refuses every order. */
  ordersRejected: z
    .strictObject({
      /** A venue that has refused every order for this long is an alert. @unit ms @default '5m' */
      after: duration({ min: '1s', max: '1d' }).prefault('5m'),
    })
    .prefault({}),
};

/** A venue may accept an order and refuse it then: one that stands for so long (ms) is accepted. */
const STANDS_MS = 1_000;
const WORDS = 500;

/** The orders that a venue refused one after the other. */
interface Refusals {
  readonly labels: SubjectLabels;
  /** 0: it has just taken one. */
  readonly count: number;
  readonly since: EpochMs;
  readonly last: EpochMs;
  /** The venue's words about the last one. */
  readonly reason: string;
  /** An order that it has accepted since, unless it refuses that as well. */
  readonly accepted?: { readonly orderId: string; readonly at: EpochMs };
}

interface Memory {
  /** The exchange of each symbol. */
  readonly exchanges: Readonly<Record<string, string>>;
  /** By exchange, or by symbol where nobody said which exchange it is traded at. */
  readonly venues: Readonly<Record<string, Refusals>>;
}

/** A venue that refuses every order for long, one after the other: ERROR. Nothing is traded there, whatever the connection says. */
export const ordersRejected = defineRule({
  condition: 'orders_rejected',
  levels: [AlertLevel.Error],
  documentation: {
    raisedBy: 'a venue that refuses every order, one after the other, for `orders_rejected.after`',
    level: 'ERROR',
    resolvedBy: 'an order that it takes; a symbol of it that stops',
    about: 'exchange; symbol where no `symbol.started` names the exchange',
  },
  options,
  handles: [
    'symbol.started',
    'symbol.stopped',
    'order.placed',
    'order.filled',
    'order.canceled',
    'order.rejected',
  ],
  memory: ({ ordersRejected: { after: limit }, timeZone }): RuleMemory<Memory> => ({
    version: 1,
    initial: () => ({ exchanges: {}, venues: {} }),
    evolve,
    due({ venues }, after) {
      const times = Object.values(venues)
        .flatMap(({ accepted }) => (accepted === undefined ? [] : [accepted.at + STANDS_MS]))
        .filter((at) => at > after);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    decide: ({ venues }, now) =>
      Object.values(venues).flatMap((venue) => {
        if (isTaken(venue, now)) return [resolved(venue)];
        const isOver = venue.accepted === undefined && venue.last - venue.since >= limit;
        return isOver ? [raised(venue, limit, timeZone)] : [];
      }),
  }),
});

function evolve(memory: Memory, event: TradingEvent): Memory {
  const { occurredAt: now } = event;
  switch (event.type) {
    case 'symbol.started': {
      const { symbol, exchange } = event.data;
      return { ...memory, exchanges: { ...memory.exchanges, [symbol]: exchange } };
    }
    case 'order.placed': {
      const { symbol, orderId } = event.data;
      const venue = venueOf(memory, symbol);
      if (venue === undefined || isTaken(venue, now)) return taken(memory, symbol);
      return withVenue(memory, symbol, { ...venue, accepted: venue.accepted ?? { orderId, at: now } });
    }
    case 'symbol.stopped':
    case 'order.filled':
    case 'order.canceled':
      return taken(memory, event.data.symbol);
    case 'order.rejected':
      return rejected(memory, event.data, now);
    default:
      return memory;
  }
}

function rejected(memory: Memory, { symbol, orderId, reason }: OrderRejected, now: EpochMs): Memory {
  const { labels } = keyOf(memory, symbol);
  const venue = venueOf(memory, symbol);
  const last = { labels, last: now, reason: reason.slice(0, WORDS) };
  const isRefusedLater = venue?.accepted?.orderId === orderId;
  if (venue === undefined || (isTaken(venue, now) && !isRefusedLater))
    return withVenue(memory, symbol, { ...last, count: 1, since: now });
  const { accepted, since, count } = venue;
  const stands = accepted === undefined || isRefusedLater ? {} : { accepted };
  return withVenue(memory, symbol, { ...last, count: count + 1, since, ...stands });
}

/** True of a venue that has taken an order since. */
function isTaken({ count, accepted }: Refusals, now: EpochMs): boolean {
  return count === 0 || (accepted !== undefined && now - accepted.at >= STANDS_MS);
}

/** The venue takes orders: that is stated once, and then there is nothing to remember of it. */
function taken(memory: Memory, symbol: string): Memory {
  const venue = venueOf(memory, symbol);
  if (venue === undefined) return memory;
  const { accepted: _, ...refusals } = venue;
  if (venue.count > 0) return withVenue(memory, symbol, { ...refusals, count: 0 });
  const { [keyOf(memory, symbol).key]: _over, ...venues } = memory.venues;
  return { ...memory, venues };
}

function venueOf(memory: Memory, symbol: string): Refusals | undefined {
  const { key } = keyOf(memory, symbol);
  return Object.hasOwn(memory.venues, key) ? memory.venues[key] : undefined;
}

function withVenue(memory: Memory, symbol: string, venue: Refusals): Memory {
  return { ...memory, venues: { ...memory.venues, [keyOf(memory, symbol).key]: venue } };
}

function keyOf(
  { exchanges }: Memory,
  symbol: string,
): { readonly key: string; readonly labels: SubjectLabels } {
  const exchange = Object.hasOwn(exchanges, symbol) ? exchanges[symbol] : undefined;
  return exchange === undefined
    ? { key: `symbol ${symbol}`, labels: { symbol } }
    : { key: `exchange ${exchange}`, labels: { exchange } };
}

function raised(
  { labels, count, since, last, reason }: Refusals,
  after: number,
  timeZone: string,
): RuleVerdict {
  const { value, limit } = formatBesideLimit(last - since, after, milliseconds);
  const venue = nameOf(labels);
  return {
    verdict: 'raise',
    labels,
    level: AlertLevel.Error,
    title: `Every order refused: ${venue}`,
    message:
      `The venue refused all ${formatNumber(count)} orders of ${venue} for ${value} (limit ${limit}), since ${formatDateTime(since, timeZone)}. ` +
      `Of the last one it says: ${reason}.`,
    fields: { [labels['exchange'] === undefined ? 'Symbol' : 'Exchange']: venue, Reason: reason },
  };
}

function resolved({ labels }: Refusals): RuleVerdict {
  const venue = nameOf(labels);
  return {
    verdict: 'resolve',
    labels,
    title: `Orders taken again: ${venue}`,
    message: `The venue took an order of ${venue}, or its symbol stopped.`,
    fields: {},
  };
}

function nameOf(labels: SubjectLabels): string {
  return Object.values(labels).join();
}
