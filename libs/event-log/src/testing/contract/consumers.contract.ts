import type { EventLogBackend } from './event-log-backend';
import { stops } from '../sample-events';

/** Checkpoints and snapshots. */
export function describeConsumers({ open, reopen }: EventLogBackend): void {
  describe('checkpoints', () => {
    it('are 0 until they are set, and are kept per consumer', async () => {
      const log = await open();
      await log.saveCheckpoint({ consumer: 'alerts', position: 7 });
      expect(await log.checkpoint('alerts')).toBe(7);
      expect(await log.checkpoint('others')).toBe(0);
    });

    it('move with the events they follow from', async () => {
      const log = await open();
      await log.append(stops(2), { consumer: 'alerts', position: 2 });
      expect(await log.checkpoint('alerts')).toBe(2);
      expect(log.status().position).toBe(2);
    });

    it('stay where they are when the events are refused', async () => {
      const log = await open({ maxQueued: 2 });
      const refused = log.append(stops(3), { consumer: 'alerts', position: 3 });
      await expect(refused).rejects.toMatchObject({ code: 'LOG_FULL' });
      expect(await log.checkpoint('alerts')).toBe(0);
    });

    it('never move back, also when events come with them', async () => {
      const log = await open();
      await log.saveCheckpoint({ consumer: 'alerts', position: 9 });
      await log.saveCheckpoint({ consumer: 'alerts', position: 4 });
      await log.append(stops(1), { consumer: 'alerts', position: 5 });
      expect(await log.checkpoint('alerts')).toBe(9);
    });

    it('must be a position', async () => {
      const log = await open();
      const refused = log.saveCheckpoint({ consumer: 'alerts', position: Number.NaN });
      await expect(refused).rejects.toMatchObject({ code: 'LOG_REFUSED' });
    });
  });

  describe('snapshots', () => {
    const snapshot = (position: number, projection = 'metrics') => ({
      projection,
      version: 1,
      position,
      state: JSON.stringify({ at: position }),
      checksum: `sum-${position}`,
    });

    it('are kept two deep per projection, newest first', async () => {
      const log = await open();
      for (const position of [1, 2, 3]) await log.saveSnapshot(snapshot(position));
      await log.saveSnapshot(snapshot(1, 'health'));
      expect(await log.snapshots('metrics')).toEqual([snapshot(3), snapshot(2)]);
      expect(await log.snapshots('health')).toEqual([snapshot(1, 'health')]);
      expect(await log.snapshots('none')).toEqual([]);
    });

    it('are kept for good where they are the first of so many positions, and found from the position after them', async () => {
      const log = await open();
      for (const position of [3, 7, 11, 15, 24, 26, 31, 32]) await log.saveSnapshot(snapshot(position), 10);
      expect(await log.snapshots('metrics')).toEqual([snapshot(32), snapshot(31)]);
      expect(await log.snapshots('metrics', 30)).toEqual([snapshot(24), snapshot(11)]);
      expect(await log.snapshots('metrics', 24)).toEqual([snapshot(24), snapshot(11)]);
      expect(await log.snapshots('metrics', 23)).toEqual([snapshot(11), snapshot(3)]);
      expect(await log.snapshots('metrics', 2)).toEqual([]);
    });

    it('of another version are not kept for good', async () => {
      const log = await open();
      for (const position of [3, 13]) await log.saveSnapshot(snapshot(position), 10);
      for (const position of [15, 16]) await log.saveSnapshot({ ...snapshot(position), version: 2 }, 10);
      expect((await log.snapshots('metrics', 14)).map(({ position }) => position)).toEqual([]);
      expect((await log.snapshots('metrics')).map(({ position }) => position)).toEqual([16, 15]);
    });
  });

  if (reopen === undefined) return;

  it('finds checkpoints and snapshots again', async () => {
    const log = await open();
    await log.append(stops(2), { consumer: 'alerts', position: 2 });
    await log.saveSnapshot({ projection: 'metrics', version: 3, position: 2, state: '{}', checksum: 'abc' });
    const again = await reopen(log);
    expect(await again.checkpoint('alerts')).toBe(2);
    expect(await again.snapshots('metrics')).toEqual([
      { projection: 'metrics', version: 3, position: 2, state: '{}', checksum: 'abc' },
    ]);
  });
}
