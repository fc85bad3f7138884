import type { DecimalString } from '@opensqt/trading-events';

/** The grid strategy. */
export interface GridOptions {
  name?: 'grid';
  /** Orders on each side, from 1. @default 3 */
  levels?: number;
  /** Notional of the first level, quote currency; level i has i times as much. @default '4000' */
  orderNotional?: DecimalString;
  /** Min distance of two levels, as a fraction of the price. @default 0.001 */
  minSpacing?: number;
  /** One-minute bars that the average true range spans. @default 14 */
  atrPeriod?: number;
  /** Distance of two levels, in average true ranges. @default 1.5 */
  atrMultiplier?: number;
  /** Number of spacings that a position of one `orderNotional` moves the grid against itself. @default 0.5 */
  skew?: number;
}

export const GRID_DEFAULTS: Required<GridOptions> = {
  name: 'grid',
  levels: 3,
  orderNotional: '4000',
  minSpacing: 0.001,
  atrPeriod: 14,
  atrMultiplier: 1.5,
  skew: 0.5,
};
