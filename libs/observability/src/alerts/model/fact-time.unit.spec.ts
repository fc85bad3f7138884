import type { AlertsState } from './alerts.state';
import { factTime } from './fact-time';

type Known = Pick<AlertsState, 'open' | 'pending'>;

function known(updatedAt: readonly number[], timestamps: readonly number[]): Known {
  return {
    open: new Map(updatedAt.map((at) => [String(at), { updatedAt: at }])),
    pending: new Map(timestamps.map((timestamp) => [String(timestamp), { notice: { timestamp } }])),
  } as unknown as Known;
}

describe('the time of a fact that a person or a channel causes', () => {
  it.each([
    ['the clock’s', known([5], [7]), 3, 3],
    ['while the clock stands at zero: the newest open alert’s', known([5, 4], [2]), 0, 5],
    ['or the newest undelivered message’s', known([5], [7, 6]), 0, 7],
    ['and the wall clock’s where there is neither', known([], []), 0, 9],
  ])('is %s', (_, state, now, expected) => {
    expect(factTime(state, now, 9)).toBe(expected);
  });
});
