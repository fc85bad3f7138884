import { z } from 'zod';

/** An exact amount: `-2500.74`. */
export const decimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i)
  .meta({ id: 'Decimal', description: 'An exact decimal number.' });
/** Milliseconds since 1970, UTC; on the market's clock unless its name says `wall`. */
export const time = z.number();
/** A position of the log; 0 before its first record. */
export const position = z.int().nonnegative();
/** Milliseconds. */
export const duration = z.number().nonnegative();

export const level = z.enum(['INFO', 'WARNING', 'ERROR', 'CRITICAL']);
export type Level = z.output<typeof level>;

export const side = z.enum(['buy', 'sell']);

/** A moment: its time, and the record that it is of. Null where no record says so, or it is not committed yet. */
export const mark = z.object({ at: time, position: position.nullable() }).meta({ id: 'Mark' });
export type Mark = z.output<typeof mark>;

/** Money in one currency. */
export const amount = z.object({ asset: z.string(), amount: decimal }).meta({ id: 'Amount' });
export type Amount = z.output<typeof amount>;

export const labels = z.record(z.string(), z.string());
