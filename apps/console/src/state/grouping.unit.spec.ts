import type { Level, OpenAlertView } from '@opensqt/observability/console-api';
import { alertRows, levelCounts, matching } from './grouping';

const alert = (id: string, level: Level, condition: string, since = 0): OpenAlertView => ({
  id,
  level,
  condition,
  since,
  subject: `S${id}`,
  summary: condition,
  title: `${condition} of S${id}`,
  symbol: `S${id}`,
  labels: { symbol: `S${id}` },
  repeats: 0,
  acknowledgedBy: null,
  silencedUntil: null,
  holds: true,
});
const many = (count: number, level: Level, condition: string) =>
  Array.from({ length: count }, (_, index) => alert(`${condition}${index}`, level, condition, index));

describe('the list of open alerts', () => {
  it('has the worst first, then the longest open', () => {
    const rows = alertRows([
      alert('a', 'WARNING', 'x', 1),
      alert('b', 'CRITICAL', 'x', 9),
      alert('c', 'CRITICAL', 'x', 3),
    ]);
    expect(rows.map((row) => (row.kind === 'alert' ? row.alert.id : ''))).toEqual(['c', 'b', 'a']);
  });

  it('makes one row of more than eight of a condition', () => {
    const [row, ...rest] = alertRows(many(9, 'ERROR', 'volume'));
    expect(rest).toEqual([]);
    expect(row).toMatchObject({ kind: 'group', condition: 'volume', level: 'ERROR' });
    expect(row?.kind === 'group' && row.alerts.length).toBe(9);
    expect(alertRows(many(8, 'ERROR', 'volume'))).toHaveLength(8);
  });

  it('never groups CRITICAL', () => {
    expect(alertRows(many(40, 'CRITICAL', 'breaker'))).toHaveLength(40);
  });

  it('counts by level', () => {
    expect(levelCounts([...many(2, 'WARNING', 'a'), ...many(1, 'CRITICAL', 'b')])).toBe(
      '1 CRITICAL · 2 WARNING',
    );
  });

  it('is filtered by every word, wherever it stands', () => {
    const alerts = [
      alert('BTC', 'ERROR', 'volume'),
      alert('ETH', 'ERROR', 'volume'),
      alert('BTC2', 'INFO', 'volume'),
    ];
    expect(matching(alerts, ' sbtc error ').map(({ id }) => id)).toEqual(['BTC']);
    expect(matching(alerts, '')).toBe(alerts);
  });
});
