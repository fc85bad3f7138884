import { quietUntil } from './quiet-hours';

const NIGHT = { from: '22:00', to: '07:00', timeZone: 'UTC' };

describe('quiet hours', () => {
  it.each([
    ['before them', Date.UTC(2026, 0, 1, 21, 59, 59), undefined],
    ['when they begin', Date.UTC(2026, 0, 1, 22), Date.UTC(2026, 0, 2, 7)],
    ['after midnight', Date.UTC(2026, 0, 2, 3, 12, 7), Date.UTC(2026, 0, 2, 7)],
    ['in their last minute', Date.UTC(2026, 0, 2, 6, 59, 59), Date.UTC(2026, 0, 2, 7)],
    ['when they end', Date.UTC(2026, 0, 2, 7), undefined],
  ])('%s', (_when, now, until) => {
    expect(quietUntil(NIGHT, now)).toBe(until);
  });

  it('are local', () => {
    const berlin = { from: '12:00', to: '13:00', timeZone: 'Europe/Berlin' };
    expect(quietUntil(berlin, Date.UTC(2026, 0, 1, 11, 30))).toBe(Date.UTC(2026, 0, 1, 12));
    expect(quietUntil(berlin, Date.UTC(2026, 6, 1, 10, 30))).toBe(Date.UTC(2026, 6, 1, 11));
  });
});
