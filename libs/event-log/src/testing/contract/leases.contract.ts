import type { EventLogBackend } from './event-log-backend';
import { readAll, stops } from '../sample-events';

/** Acting under a name. */
export function describeLeases({ open }: EventLogBackend): void {
  describe('leases', () => {
    it('are held by one at a time, in turn', async () => {
      const log = await open();
      const first = await log.lease('alerts');
      let taken = false;
      const waiting = log.lease('alerts').then((lease) => {
        taken = true;
        return lease;
      });
      await log.append(stops(1));
      expect(taken).toBe(false);
      await first.release();
      expect((await waiting).name).toBe('alerts');
    });

    it('of different names are held beside each other', async () => {
      const log = await open();
      const leases = await Promise.all([log.lease('alerts'), log.lease('reports')]);
      expect(leases.map(({ name }) => name)).toEqual(['alerts', 'reports']);
    });

    it('record events with the checkpoint that they follow from', async () => {
      const log = await open();
      const lease = await log.lease('alerts');
      await lease.append(stops(2), { consumer: 'alerts', position: 5 });
      expect(await log.checkpoint('alerts')).toBe(5);
      expect(await readAll(log)).toHaveLength(2);
      expect(log.status().position).toBe(2);
    });

    it('record what waits when they are released, and nothing afterwards', async () => {
      const log = await open();
      const lease = await log.lease('alerts');
      const appended = lease.append(stops(2));
      await lease.release();
      await appended;
      expect(lease.lost.aborted).toBe(true);
      await expect(lease.append(stops(1))).rejects.toMatchObject({ code: 'LOG_LEASE_LOST' });
      expect(await readAll(log)).toHaveLength(2);
    });

    it('are no longer waited for when the caller says so, nor when the log is closed', async () => {
      const log = await open();
      await log.lease('alerts');
      const giveUp = new AbortController();
      const waiting = log.lease('alerts', { signal: giveUp.signal });
      const others = expect(log.lease('alerts')).rejects.toMatchObject({ code: 'LOG_CLOSED' });
      giveUp.abort(new Error('enough'));
      await expect(waiting).rejects.toThrow('enough');
      await log.close();
      await others;
    });
  });
}
