import { DecisionTime, believedTimes } from './decision-time';

const NOON = Date.UTC(2026, 0, 1, 12);
const YEAR = 365 * 24 * 3_600_000;

describe('the time that is decided for', () => {
  it('is that of the event, however long ago it happened', () => {
    const time = new DecisionTime();
    expect(time.at(NOON - YEAR, NOON)).toBe(NOON - YEAR);
    expect(time.at(NOON, NOON)).toBe(NOON);
  });

  it('is at most a second after the clock for an event of the future', () => {
    const time = new DecisionTime();
    expect(time.at(NOON + 10, NOON)).toBe(NOON + 10);
    expect(time.at(NOON + YEAR, NOON)).toBe(NOON + 1_000);
    expect(time.at(NOON + 20, NOON)).toBe(NOON + 1_000);
    expect(time.at(NOON + 2_000, NOON + 2_000)).toBe(NOON + 2_000);
  });

  it('does not go back with an event that comes late', () => {
    const time = new DecisionTime();
    time.at(NOON, NOON);
    expect(time.at(NOON - 5, NOON)).toBe(NOON);
  });

  it('goes back with a clock that was set back, and not with one that jitters', () => {
    const time = new DecisionTime();
    time.at(NOON, NOON);
    expect(time.follow(NOON - 500)).toBe(false);
    expect(time.isAheadOf(NOON - 3_600_000)).toBe(true);
    expect(time.follow(NOON - 3_600_000)).toBe(true);
    expect(time.at(NOON - 3_600_000, NOON - 3_600_000)).toBe(NOON - 3_600_000);
  });

  it('comes back from events of the future once the clock is known', () => {
    const time = new DecisionTime();
    expect(time.at(NOON + YEAR, undefined)).toBe(NOON + YEAR);
    expect(time.at(NOON, NOON)).toBe(NOON);
    expect(time.follow(NOON + 10)).toBe(true);
    expect(time.follow(NOON + 20)).toBe(false);
  });

  it('is believed without a clock once the next events agree with it', () => {
    expect(believedTimes([1, 2, NOON, 3, 4])).toEqual([1, 2, 4, 3, 4]);
    expect(believedTimes([1, NOON, NOON + 1, NOON + 2])).toEqual([1, NOON, NOON + 1, NOON + 2]);
    expect(believedTimes([1, NOON])).toEqual([1, NOON]);
  });
});
