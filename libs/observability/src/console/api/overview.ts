import { z } from 'zod';
import { amount, decimal, duration, labels, level, mark, position, time } from './values';

/** The answer to "does it trade?", and why. */
export const verdict = z
  .object({
    verdict: z.enum(['trading', 'not_trading', 'unknown']),
    /** One line: `Trading, 1 of 3 symbols stands still`. */
    title: z.string(),
    /** Sentences. */
    reason: z.string(),
    /** The record that last changed the answer. */
    since: mark.nullable(),
    symbols: z.object({
      total: z.int(),
      still: z.array(
        z.object({ symbol: z.string(), code: z.string(), reason: z.string(), since: mark.nullable() }),
      ),
    }),
  })
  .meta({ id: 'Verdict' });
export type VerdictView = z.output<typeof verdict>;

/** An open alert in a list. */
export const openAlert = z
  .object({
    id: z.string(),
    condition: z.string(),
    level,
    /** `ETHUSDT`, `all symbols`, `paper`: comes first in a list. */
    subject: z.string(),
    /** `max volume ratio`: comes after the subject. */
    summary: z.string(),
    /** The title that its messages have. */
    title: z.string(),
    symbol: z.string().nullable(),
    labels,
    since: time,
    /** Times that the condition was met again while it was open. */
    repeats: z.int(),
    acknowledgedBy: z.string().nullable(),
    /** The silence that holds it back, by its end. */
    silencedUntil: time.nullable(),
    /** False while it flaps and does not hold for the moment. */
    holds: z.boolean(),
  })
  .meta({ id: 'OpenAlert' });
export type OpenAlertView = z.output<typeof openAlert>;

/** A measured value and its limit. */
export const limit = z
  .object({
    /** A symbol, or `global`. */
    scope: z.string(),
    /** `max_drawdown` */
    limit: z.string(),
    /** Null: not recorded, or not measured yet. */
    value: decimal.nullable(),
    threshold: decimal.nullable(),
    /** `USDT`, `ms`; null: a number without one, or not known. */
    unit: z.string().nullable(),
    breached: z.boolean(),
    /** The record that the value is of. */
    from: mark.nullable(),
  })
  .meta({ id: 'Limit' });
export type LimitView = z.output<typeof limit>;

/** One symbol. */
export const symbolRow = z
  .object({
    symbol: z.string(),
    exchange: z.string().nullable(),
    strategy: z.string().nullable(),
    quoteAsset: z.string().nullable(),
    state: z.enum(['quoting', 'one_side', 'no_orders', 'stopped']),
    /** The reason that it does not quote both sides; null while it does. */
    reason: z
      .object({
        /** As in the verdict; `none`: the log gives no reason. */
        code: z.string(),
        words: z.string(),
        /** The time at which it ends by itself. */
        until: time.nullable(),
      })
      .nullable(),
    /** The record since which that is so. */
    since: mark.nullable(),
    resting: z.object({ buys: z.int(), sells: z.int() }),
    /** Our own best prices. */
    bid: decimal.nullable(),
    ask: decimal.nullable(),
    price: decimal.nullable(),
    priceAt: time.nullable(),
    /** `live`: seen now; `sample`: on the log each few seconds; `fill`: that of the last own fill. */
    priceFrom: z.enum(['live', 'sample', 'fill']).nullable(),
    /** Milliseconds since this process received it; null of the past. */
    priceAge: duration.nullable(),
    /** Older than `max_market_data_age`. */
    priceStale: z.boolean(),
    /** Base asset; negative when short. */
    position: decimal.nullable(),
    /** At the price shown, quote currency. */
    value: decimal.nullable(),
    entry: decimal.nullable(),
    unrealized: decimal.nullable(),
    /** The record that it is of: a sample or a fill. */
    unrealizedFrom: mark.nullable(),
    realized: decimal.nullable(),
    fees: z.array(amount),
    fills: z.int(),
    lastFill: mark.nullable(),
  })
  .meta({ id: 'SymbolRow' });
export type SymbolRow = z.output<typeof symbolRow>;

/** A process that writes to the log. */
export const writer = z
  .object({
    bot: z.string(),
    writer: z.string(),
    /** Its last record. */
    last: mark,
    /** Wall clock. */
    lastWall: time,
    records: z.int(),
    /** The process that answers. */
    isThis: z.boolean(),
  })
  .meta({ id: 'Writer' });
export type WriterView = z.output<typeof writer>;

export const profit = z
  .object({
    /** The one quote currency of the symbols; null where there are several, or none is known. */
    quoteAsset: z.string().nullable(),
    /** Before fees. */
    realized: decimal.nullable(),
    unrealized: decimal.nullable(),
    /** The oldest record among those that `unrealized` is of. */
    unrealizedFrom: mark.nullable(),
    fees: z.array(amount),
    /** Realized + unrealized − fees; null where a fee is in another currency than the quote's, or a part is not known. */
    afterFees: decimal.nullable(),
    /** Price × quantity of the fills. */
    volume: decimal.nullable(),
    fills: z.int(),
    /** The first fill. */
    since: mark.nullable(),
  })
  .meta({ id: 'Profit' });

/** `GET overview`: everything at one position. */
export const overview = z
  .object({
    mode: z.enum(['live', 'past']),
    bot: z.string(),
    position,
    /** The log's last position; of the past, that of when it was asked for. */
    head: position,
    /** Market time of the newest record; null: the log is empty. */
    time: time.nullable(),
    wallTime: time,
    /** While the log is replayed at the start: the position reached of `head`. */
    replaying: position.nullable(),
    verdict,
    alerts: z.object({
      open: z.int(),
      worst: level.nullable(),
      /** The worst first, then the longest open; at most 500. */
      items: z.array(openAlert),
    }),
    profit,
    limits: z.array(limit),
    latency: z.object({
      /** Of the last 15 minutes of market time, at most the last 1,000 orders. */
      tickToOrder: z.object({ p50: duration, p99: duration, orders: z.int() }).nullable(),
      /** The upper bound of the bucket that p99 lies in, since the start; null: not recorded. */
      exchangeCall: z.object({ p99: duration.nullable(), calls: z.int() }).nullable(),
    }),
    log: z.object({
      /** Records per second of wall time in the last minute; null of the past. */
      rate: z.number().nullable(),
      /** Records that wait for the disk; null of the past. */
      waiting: z.int().nullable(),
      /** The sentence why it is not written. */
      failure: z.string().nullable(),
    }),
    symbols: z.array(symbolRow),
    writers: z.array(writer),
  })
  .meta({ id: 'Overview' });
export type Overview = z.output<typeof overview>;
