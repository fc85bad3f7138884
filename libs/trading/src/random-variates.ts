import type { Random } from '@opensqt/trading-events';

/** A standard normal number from two uniform ones (G. E. P. Box and M. E. Muller, 1958). */
export function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** An exponential number of mean 1. */
export function exponential(random: Random): number {
  return -Math.log(1 - random());
}
