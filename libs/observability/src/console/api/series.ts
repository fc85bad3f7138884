import { z } from 'zod';
import { decimal, position, side, time } from './values';

/** Columns of equal length, for a plot. */
const prices = z.object({ at: z.array(time), price: z.array(decimal) });

/** Own fills; those closer together than a point are merged. */
const fill = z.object({ at: time, side, price: decimal, quantity: decimal, fills: z.int(), position });

/** A stretch of time in which a symbol did one thing. */
const lane = z.object({
  from: time,
  /** Null: it goes on. */
  to: time.nullable(),
  state: z.enum(['quoting', 'paused', 'stopped']),
  /** Of a pause: `breaker`, `stale_price` … */
  reason: z.string().nullable(),
});

/** `GET series?from=&to=&points=&symbol=&at=`: bounded to so many points a line (default 600, at most 2,000). */
export const series = z
  .object({
    position,
    /** Market time. */
    from: time.nullable(),
    to: time.nullable(),
    symbols: z.array(
      z.object({
        symbol: z.string(),
        prices,
        /** Samples are at most this far apart; a longer gap is one. */
        sampleInterval: z.number(),
        fills: z.array(fill),
        lanes: z.array(lane),
      }),
    ),
    /** Of all symbols, quote currency; columns of equal length. */
    pnl: z.object({
      at: z.array(time),
      realized: z.array(decimal),
      unrealized: z.array(decimal.nullable()),
    }),
  })
  .meta({ id: 'Series' });
export type Series = z.output<typeof series>;
