import { amount, number, wholeNumber } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** The grid strategy. */
export const gridOptions = z.strictObject({
  /** The strategy. @default 'grid' */
  name: z.literal('grid').prefault('grid'),
  /** Orders on each side. @default 3 */
  levels: wholeNumber({ min: 1, max: 50 }).prefault(3),
  /** Notional of the first level in quote currency; level i has i times as much. @default '4000' */
  orderNotional: amount.prefault('4000'),
  /** Min distance of the levels, as a fraction of the price. @default 0.001 */
  minSpacing: number({ above: 0, max: 0.5 }).prefault(0.001),
  /** One-minute bars of the average true range. @default 14 */
  atrPeriod: wholeNumber({ min: 1, max: 1_000 }).prefault(14),
  /** Distance of the levels, in average true ranges. @default 1.5 */
  atrMultiplier: number({ min: 0, max: 100 }).prefault(1.5),
  /** Number of spacings that a position of one `orderNotional` moves the grid against itself. @default 0.5 */
  skew: number({ min: 0, max: 10 }).prefault(0.5),
});

export type ResolvedGrid = z.output<typeof gridOptions>;
