import type { EventLogBackend } from './event-log-backend';
import { readAll, stops, symbolsOf } from '../sample-events';

const snapshot = { projection: 'metrics', version: 1, position: 1, state: '{}', checksum: 'abc' };

/** Records that know their bot and the process that wrote them. */
export function describeIdentity({ open, reopen, share }: EventLogBackend): void {
  describe('bots and writers', () => {
    it('are in every record, read or handed over, also in what is recorded under a lease', async () => {
      const log = await open({ bot: 'mm-btc-1', writer: 'mm-btc-1b' });
      const seen: string[] = [];
      const subscription = log.subscribe(1, (records) => {
        seen.push(...records.map(({ bot, writer }) => `${bot} ${writer}`));
      });
      await log.append(stops(1));
      await (await log.lease('alerts')).append(stops(1, 'LEASE'));
      await subscription.caughtUp();
      const read = (await readAll(log)).map(({ bot, writer }) => `${bot} ${writer}`);
      expect([read, seen]).toEqual(Array(2).fill(Array(2).fill('mm-btc-1 mm-btc-1b')));
      expect(log).toMatchObject({ bot: 'mm-btc-1', writer: 'mm-btc-1b' });
      expect(await log.bots()).toEqual(['mm-btc-1']);
    });

    it('are opensqt unless given, the writer the bot', async () => {
      expect(await open()).toMatchObject({ bot: 'opensqt', writer: 'opensqt' });
      expect(await open({ bot: "mm 'ä' 1" })).toMatchObject({ bot: "mm 'ä' 1", writer: "mm 'ä' 1" });
    });

    if (reopen !== undefined) {
      it('stay as they were recorded when the log is opened for another bot, which begins with nothing', async () => {
        const log = await open({ bot: 'mm-1' });
        await log.append(stops(1), { consumer: 'alerts', position: 1 });
        await log.saveSnapshot(snapshot);
        const second = await reopen(log, { bot: 'mm-2' });
        expect(await second.checkpoint('alerts')).toBe(0);
        expect(await second.snapshots('metrics')).toEqual([]);
        await second.append(stops(1, 'B'));
        expect((await readAll(second)).map(({ bot }) => bot)).toEqual(['mm-1', 'mm-2']);
        expect(await second.bots()).toEqual(['mm-1', 'mm-2']);
        const again = await reopen(second, { bot: 'mm-1' });
        expect(await again.checkpoint('alerts')).toBe(1);
        expect(await again.snapshots('metrics')).toEqual([snapshot]);
      });
    }

    if (share === undefined) return;

    it('share the records of one log, and neither checkpoints nor snapshots', async () => {
      const first = await open({ bot: 'mm-1' });
      const second = await share(first, { bot: 'mm-2' });
      await first.append(stops(1, 'A'), { consumer: 'alerts', position: 1 });
      await first.saveSnapshot(snapshot);
      await second.append(stops(1, 'B'), { consumer: 'alerts', position: 7 });
      for (const position of [2, 3, 4]) await second.saveSnapshot({ ...snapshot, position });
      const records = await readAll(first);
      expect(records.map(({ bot, writer }) => `${bot} ${writer}`)).toEqual(['mm-1 mm-1', 'mm-2 mm-2']);
      expect(symbolsOf(records)).toEqual(['A1', 'B1']);
      expect(await Promise.all([first, second].map((log) => log.checkpoint('alerts')))).toEqual([1, 7]);
      expect(await first.snapshots('metrics')).toEqual([snapshot]);
      expect(await second.snapshots('metrics')).toMatchObject([{ position: 4 }, { position: 3 }]);
    });

    it('have leases of their own, that two processes of one bot share', async () => {
      const first = await open({ bot: 'mm-1', writer: 'mm-1a' });
      const standby = await share(first, { bot: 'mm-1', writer: 'mm-1b' });
      const other = await share(first, { bot: 'mm-2' });
      const lease = await first.lease('alerts');
      await other.lease('alerts');
      let held = false;
      const waiting = standby.lease('alerts').then((taken) => {
        held = true;
        return taken;
      });
      await standby.append(stops(1));
      expect(held).toBe(false);
      await lease.release();
      await (await waiting).append(stops(1, 'B'));
      expect((await readAll(other)).map(({ writer }) => writer)).toEqual(['mm-1b', 'mm-1b']);
    });

    it('are refused while a process writes under that name, with a sentence that says what to do', async () => {
      const first = await open({ bot: 'mm-1' });
      await expect(share(first, { bot: 'mm-1' })).rejects.toMatchObject({
        code: 'LOG_IN_USE',
        message: expect.stringMatching(
          /under the name 'mm-1' by process \d+ on .*Stop that one first, or .*event_log\.writer/,
        ),
      });
      await first.close();
      await share(first, { bot: 'mm-1' });
    });
  });
}
