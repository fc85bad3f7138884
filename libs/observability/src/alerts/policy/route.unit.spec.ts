import type { AlertLevel } from '@opensqt/trading-events';
import { type Route, compareLevels, route } from './route';

const NIGHT = Date.UTC(2026, 0, 1, 23);
const MORNING = Date.UTC(2026, 0, 2, 7);
const quietHours = { from: '22:00', to: '07:00', timeZone: 'UTC' };
const MINUTE = 60_000;

function verdictOn(channel: Omit<Route, 'name'>, level: AlertLevel, silenced = false): string {
  const alert = { condition: 'risk_limit_breach', labels: { scope: 'BTCUSDT' }, level, silenced, now: NIGHT };
  const [log, chat] = route([{ name: 'log' }, { name: 'chat', ...channel }], alert);
  expect(log).toEqual({ channel: 'log', notified: true });
  if (chat === undefined || chat.notified) return 'notified';
  return chat.until === undefined
    ? chat.reason
    : `${chat.reason} until ${new Date(chat.until).toISOString()}`;
}

const morning = `quiet_hours until ${new Date(MORNING).toISOString()}`;
const soon = `awaiting_acknowledgement until ${new Date(NIGHT + MINUTE).toISOString()}`;

describe('a route', () => {
  it.each<[Omit<Route, 'name'>, AlertLevel, string]>([
    [{}, 'INFO', 'notified'],
    [{ minLevel: 'WARNING' }, 'INFO', 'below_channel_level'],
    [{ minLevel: 'WARNING' }, 'WARNING', 'notified'],
    [{ minLevel: 'CRITICAL' }, 'ERROR', 'below_channel_level'],
    [{ match: { scope: 'BTCUSDT' } }, 'INFO', 'notified'],
    [{ match: { condition: 'risk_limit_breach' } }, 'INFO', 'notified'],
    [{ match: { scope: 'ETHUSDT' } }, 'CRITICAL', 'not_matched'],
    [{ match: { condition: 'risk_limit_breach', scope: 'ETHUSDT' } }, 'ERROR', 'not_matched'],
    [{ match: { scope: 'ETHUSDT' }, minLevel: 'ERROR' }, 'INFO', 'not_matched'],
    [{ quietHours }, 'ERROR', morning],
    [{ quietHours }, 'CRITICAL', 'notified'],
    [{ quietHours, minLevel: 'CRITICAL' }, 'ERROR', 'below_channel_level'],
    [{ quietHours: { ...quietHours, from: '23:30' } }, 'INFO', 'notified'],
    [{ unacknowledgedAfter: MINUTE }, 'CRITICAL', soon],
    [{ unacknowledgedAfter: MINUTE }, 'ERROR', 'below_channel_level'],
    [{ unacknowledgedAfter: MINUTE, quietHours }, 'CRITICAL', soon],
  ])('of %j makes of %s: %s', (channel, level, verdict) => {
    expect(verdictOn(channel, level)).toBe(verdict);
  });

  it.each<[Omit<Route, 'name'>, AlertLevel]>([
    [{}, 'CRITICAL'],
    [{ match: { scope: 'ETHUSDT' } }, 'INFO'],
  ])('of %j sends nothing of a silenced %s', (channel, level) => {
    expect(verdictOn(channel, level, true)).toBe('silenced');
  });

  it('knows which of two levels is the quieter', () => {
    const levels: AlertLevel[] = ['CRITICAL', 'INFO', 'ERROR', 'WARNING'];
    expect(levels.sort(compareLevels)).toEqual(['INFO', 'WARNING', 'ERROR', 'CRITICAL']);
  });
});
