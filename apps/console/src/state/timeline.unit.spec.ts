import type { Timeline } from '@opensqt/observability/console-api';
import { alertBeside, nextPlayed, positionAt, timeAt } from './timeline';

const bucket = (from: number, at: number) => ({
  from,
  to: from + 99,
  at,
  records: 100,
  alerts: 0,
  worst: null,
});
const log: Timeline = {
  first: 1,
  head: 300,
  buckets: [bucket(1, 1_000), bucket(101, 2_000), bucket(201, 4_000)],
  alerts: [40, 120, 250],
};

describe('the slider', () => {
  it('knows the time of a position between two buckets, and the position of a time', () => {
    expect(timeAt(log, 151)).toBe(3_000);
    expect(positionAt(log, 3_000)).toBe(151);
    expect(positionAt(log, 0)).toBe(1);
  });

  it('jumps to the nearest alert on either side', () => {
    expect([
      alertBeside(log, 120, 1),
      alertBeside(log, 120, -1),
      alertBeside(log, 250, 1),
      alertBeside(null, 1, 1),
    ]).toEqual([250, 40, null, null]);
  });

  it('plays market time, at least a record at once, and no further than the log', () => {
    expect([nextPlayed(log, 1, 500), nextPlayed(log, 1, 0), nextPlayed(log, 299, 60_000)]).toEqual([
      51, 2, 300,
    ]);
  });
});
