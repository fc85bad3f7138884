import { clockNear, duration, parseDuration, parseTime, seconds } from './time';

describe('times', () => {
  it.each([
    [856, '856 ms'],
    [4_130, '4.1 s'],
    [52_900, '52 s'],
    [231_000, '3 min 51 s'],
    [3_000_000, '50 min'],
    [13_200_000, '3 h 40 min'],
    [187_200_000, '2 d 4 h'],
    [-5, '0 ms'],
  ])('says %i ms in at most two units', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  it('counts whole seconds where a figure ticks', () => {
    expect([seconds(900), seconds(60_000)]).toEqual(['0 s', '1 min']);
  });

  it('adds the date to a time of another day', () => {
    const at = Date.UTC(2026, 0, 1, 3, 20, 19);
    expect([clockNear(at, at + 1_000), clockNear(at, at + 86_400_000)]).toEqual([
      '03:20:19',
      '2026-01-01 03:20:19',
    ]);
  });

  it.each([
    ['30m', 1_800_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    ['30', null],
    ['0m', null],
    ['30m and more', null],
  ])('reads the duration %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it('reads a clock time of the day at hand, and a date with one', () => {
    const day = Date.UTC(2026, 0, 1, 23);
    expect(parseTime('03:20:18', day)).toBe(Date.UTC(2026, 0, 1, 3, 20, 18));
    expect(parseTime('2026-02-03 04:05', day)).toBe(Date.UTC(2026, 1, 3, 4, 5));
    expect(parseTime('yesterday', day)).toBeNull();
  });
});
