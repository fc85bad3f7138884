import { randomIds } from '@opensqt/trading-events';
import { RecentIds } from './recent-ids';

describe('RecentIds', () => {
  it('distinguishes ids that differ in one character, wherever it is', () => {
    const recent = new RecentIds();
    const id = '018e3a9b-3715-79e3-828f-d2560833cf9c';
    expect(recent.add(id)).toBe(true);
    for (let at = 0; at < id.length; at++) {
      expect(recent.add(`${id.slice(0, at)}x${id.slice(at + 1)}`)).toBe(true);
    }
    expect(recent.add(id)).toBe(false);
  });

  it('knows each of the last ids, and no fresh one, while tables turn over', () => {
    const size = 1_024;
    const recent = new RecentIds(size);
    const nextId = randomIds();
    const ids = Array.from({ length: 10 * size }, (_, i) => nextId(1_700_000_000_000 + Math.floor(i / 5)));
    for (const id of ids) expect(recent.add(id)).toBe(true);
    for (const id of ids.slice(-size)) expect(recent.add(id)).toBe(false);
  });

  it('forgets what is older than twice its size', () => {
    const recent = new RecentIds(16);
    for (let i = 0; i < 33; i++) recent.add(`id-${i}`);
    expect(recent.add('id-0')).toBe(true);
  });
});
