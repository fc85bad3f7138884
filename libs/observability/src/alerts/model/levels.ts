import { AlertLevel } from '@opensqt/trading-events';

const RANK: Readonly<Record<AlertLevel, number>> = {
  [AlertLevel.Info]: 0,
  [AlertLevel.Warning]: 1,
  [AlertLevel.Error]: 2,
  [AlertLevel.Critical]: 3,
};

/** Orders levels: negative when the first is the quieter one. */
export function compareLevels(a: AlertLevel, b: AlertLevel): number {
  return RANK[a] - RANK[b];
}

/** The louder of two levels. */
export function louder(a: AlertLevel, b: AlertLevel): AlertLevel {
  return compareLevels(a, b) >= 0 ? a : b;
}
