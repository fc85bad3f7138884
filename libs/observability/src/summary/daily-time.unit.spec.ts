import { type DailyTime, lastTime, nextTime } from './daily-time';

const iso = (text: string): number => Date.parse(text);
const berlin = (at: string): DailyTime => ({ at, timeZone: 'Europe/Berlin' });

/** Every time that is told from one instant to another, looking each ten minutes as a clock would. */
function toldBetween(time: DailyTime, from: string, to: string): readonly string[] {
  const told: string[] = [];
  for (let now = iso(from); now <= iso(to); now += 600_000) {
    const last = new Date(lastTime(time, now)).toISOString();
    if (last >= new Date(iso(from)).toISOString() && told.at(-1) !== last) told.push(last);
  }
  return told;
}

describe('a time of every day', () => {
  it('is that of the day, or of the day before while it has not come yet', () => {
    const time = { at: '08:00', timeZone: 'UTC' };
    expect(lastTime(time, iso('2026-03-05T08:00:00Z'))).toBe(iso('2026-03-05T08:00:00Z'));
    expect(lastTime(time, iso('2026-03-05T07:59:59.999Z'))).toBe(iso('2026-03-04T08:00:00Z'));
    expect(nextTime(time, iso('2026-03-05T08:00:00Z'))).toBe(iso('2026-03-06T08:00:00Z'));
    expect(nextTime(time, iso('2026-03-05T07:59:59.999Z'))).toBe(iso('2026-03-05T08:00:00Z'));
  });

  it.each([
    ['Asia/Kolkata', '00:15', '2026-03-04T18:45:00Z'],
    ['Pacific/Kiritimati', '23:59', '2026-03-05T09:59:00Z'],
    ['America/Los_Angeles', '08:00', '2026-03-04T16:00:00Z'],
  ])('is local in %s', (timeZone, at, expected) => {
    expect(lastTime({ at, timeZone }, iso('2026-03-05T10:00:00Z'))).toBe(iso(expected));
  });

  it('comes once, an hour later, on the day on which Berlin leaves it out', () => {
    expect(toldBetween(berlin('02:30'), '2026-03-27T12:00:00Z', '2026-03-30T12:00:00Z')).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  it('comes once, the first time, on the day on which Berlin shows it twice', () => {
    expect(toldBetween(berlin('02:30'), '2026-10-23T12:00:00Z', '2026-10-26T12:00:00Z')).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('comes once on every day of a year in Berlin, and the next one is always the one that then was the last', () => {
    const time = berlin('02:30');
    let now = iso('2026-01-01T12:00:00Z');
    for (let day = 0; day < 365; day++) {
      const next = nextTime(time, now);
      expect(lastTime(time, next)).toBe(next);
      expect(lastTime(time, next - 1)).toBeLessThanOrEqual(now);
      now = next;
    }
    expect(new Date(now).toISOString()).toBe('2027-01-01T01:30:00.000Z');
  });
});
