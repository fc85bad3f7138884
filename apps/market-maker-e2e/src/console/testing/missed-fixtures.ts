import type { Happening, IncidentView, MissedView } from '@opensqt/observability/console-api';
import { FROM, NOW, mark } from './moments';

const step = (position: number, words: string, level: Happening['level'], isOver = false): Happening => ({
  ...{ position, at: NOW - 251_000, level, isOver, words },
});

const incident = (changes: Partial<IncidentView>): IncidentView => ({
  from: mark(NOW - 251_000, 5_427),
  to: mark(NOW - 1_000, 5_803),
  ...{ level: 'CRITICAL', notTrading: 240_000, more: 0, planned: null },
  steps: [
    step(5_427, 'Risk limit breached: max exposure of all symbols', 'WARNING'),
    step(5_531, 'Circuit breaker tripped: all symbols. <img src=x>', 'CRITICAL'),
    step(5_663, 'Trading', null, true),
  ],
  markdown: '## Incident of 2026-01-01 03:19 UTC (mm-btc-1)\n\nNot trading for 4 min.\n',
  file: 'incident-2026-01-01-0319.md',
  ...changes,
});

const OLD = {
  file: 'incident-old.md',
  planned: { by: 'desk', reason: 'venue maintenance', position: 6_000 },
};

/** One incident that ended and an older one that goes on. */
export const missed = (after: number): MissedView => ({
  from: { at: after === 0 ? null : FROM, position: after },
  to: { at: NOW, position: 6_908 },
  isCut: false,
  profit: {
    ...{ quoteAsset: 'USDT', realized: '-362.74', afterFees: '-606.28', fills: 167 },
    fees: [{ asset: 'USDT', amount: '11.03' }],
  },
  ...{ notTrading: 240_000, deadLetters: 10, silences: 1 },
  alerts: { raised: 11, critical: 4, open: 1 },
  incidents: [
    incident({}),
    incident({ from: mark(FROM, 100), to: null, level: 'ERROR', notTrading: 0, ...OLD }),
  ],
  older: 0,
  others: [step(5_000, 'Large execution: BTCUSDT buy 11,999.57', 'INFO')],
});
