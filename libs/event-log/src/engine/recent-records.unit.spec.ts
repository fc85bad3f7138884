import type { LogRecord } from '../event-log';
import { identityOf } from './identity';
import { RecentRecords } from './recent-records';
import { positions, stops } from '../testing/sample-events';

function records(first: number, count: number): readonly LogRecord[] {
  return stops(count).map((event, i) => ({ position: first + i, committedAt: 0, ...identityOf({}), event }));
}

const found = (recent: RecentRecords, from: number, limit = 100): readonly number[] | undefined =>
  recent.from(from, limit)?.map(({ position }) => position);

describe('recent records', () => {
  it('are given from a position on, so many at most', () => {
    const recent = new RecentRecords(10);
    recent.add(records(1, 3));
    recent.add(records(4, 3));
    expect(found(recent, 2, 3)).toEqual([2, 3, 4]);
    expect(found(recent, 7)).toBeUndefined();
  });

  it('do not know positions that were dropped', () => {
    const recent = new RecentRecords(10);
    for (let first = 1; first < 100; first += 5) recent.add(records(first, 5));
    expect(found(recent, 1)).toBeUndefined();
    expect(found(recent, 91)).toEqual(positions(10, 91));
  });

  it('begin anew after records that they were not given', () => {
    const recent = new RecentRecords(10);
    recent.add(records(1, 3));
    recent.add(records(6, 2));
    expect(found(recent, 3)).toBeUndefined();
    expect(found(recent, 6)).toEqual([6, 7]);
  });
});
