import type { RulesRun, RulesView } from '@opensqt/observability/console-api';
import { FROM, NOW } from './moments';

export const rules = (): RulesView => ({
  position: 6_908,
  settings: [
    { key: 'large_execution.threshold', value: '10000', choices: null },
    { key: 'exchange_disconnect.persistent_after', value: '1m', choices: null },
    { key: 'daily_loss.limit', value: null, choices: null },
    { key: 'burst', value: 10, choices: null },
    { key: 'routes', value: [{ channel: 'slack', match: ['symbol=~"BTC.*"'] }], choices: null },
    { key: 'slack.min_level', value: 'INFO', choices: ['INFO', 'WARNING', 'ERROR', 'CRITICAL'] },
  ],
});

export const rulesRun = (): RulesRun => ({
  ...{ records: 6_908, from: FROM, to: NOW, isCut: false, took: 300, more: 3 },
  days: [{ day: '2026-01-01', new: 1, gone: 14, louder: 0, quieter: 1, same: 92 }],
  differences: [
    {
      ...{ day: '2026-01-01', change: 'quieter', of: 'alert' },
      words: 'Exchange disconnected: paper (market stream): ERROR → WARNING',
    },
    { day: '2026-01-01', change: 'new', of: 'message', words: 'slack: digest, ERROR 4 alerts within 1 min' },
    {
      ...{ day: '2026-01-01', change: 'gone', of: 'message' },
      words: 'slack: raised, INFO Large execution: BTCUSDT buy 11999.57',
    },
  ],
});
