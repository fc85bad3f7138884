import { formatDateTime, formatTime } from './time';

const NOON = Date.UTC(2026, 0, 1, 12, 4, 5);

describe('times in messages', () => {
  it.each([
    ['UTC', '12:04:05 UTC'],
    ['Europe/Berlin', '13:04:05 UTC+1'],
    ['America/St_Johns', '08:34:05 UTC−3:30'],
  ])('are those of %s and say how far from UTC', (timeZone, expected) => {
    expect(formatTime(NOON, timeZone)).toBe(expected);
    expect(formatDateTime(NOON, timeZone)).toBe(`2026-01-01 ${expected}`);
  });

  it('distinguish the two hours that one autumn night has', () => {
    const times = [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)];
    expect(times.map((time) => formatTime(time, 'Europe/Berlin'))).toEqual([
      '02:30:00 UTC+2',
      '02:30:00 UTC+1',
    ]);
  });

  it.each([Number.NaN, Infinity, 1e300])('are unknown where there is none: %p', (time) => {
    expect([formatTime(time, 'UTC'), formatDateTime(time, 'UTC')]).toEqual(
      Array.from({ length: 2 }, () => 'time unknown'),
    );
  });
});
