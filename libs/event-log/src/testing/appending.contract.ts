import { createEvent } from '@opensqt/trading-events';
import type { EventLogBackend } from './event-log-backend';
import { positions, readAll, stops, symbolsOf } from './sample-events';

/** Handing over and reading back. */
export function describeAppending({ open, reopen }: EventLogBackend): void {
  describe('append and read', () => {
    it('gives positions from 1 without gaps, in the order of the calls', async () => {
      const log = await open();
      const events = stops(250);
      await Promise.all(events.map((event) => log.append([event])));
      const records = await readAll(log);
      expect(records.map(({ position }) => position)).toEqual(positions(250));
      expect(records.map(({ event }) => event)).toEqual(events);
      expect(log.status()).toMatchObject({ position: 250, queueDepth: 0, lagMs: 0 });
    });

    it('keeps the whole envelope and stamps the commit', async () => {
      const log = await open();
      const event = createEvent(
        'strategy.panicked',
        { symbol: 'BTCUSDT', strategy: 'grid', error: { name: 'E', message: '"ä\n\u0000' } },
        { causationId: 'cause', occurredAt: 1_700_000_000_000.5 },
      );
      await log.append([event]);
      const [record] = await readAll(log);
      expect(record).toEqual({ position: 1, committedAt: expect.any(Number), event });
    });

    it('skips an id it holds, without a gap, in one call, across calls and across commits', async () => {
      const log = await open();
      const [a, b, c, d] = stops(4);
      if (!a || !b || !c || !d) throw new Error('four events');
      await Promise.all([log.append([a, b, a]), log.append([b, c])]);
      await log.append([a, c, d, { ...d }]);
      const records = await readAll(log);
      expect(records.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
      expect(symbolsOf(records)).toEqual(['SYM1', 'SYM2', 'SYM3', 'SYM4']);
    });

    it('resolves at once when there is nothing to append', async () => {
      const log = await open();
      await log.append([]);
      expect(log.status().position).toBe(0);
    });

    it('reads from and to a position, both included, and no further than the end', async () => {
      const log = await open();
      await log.append(stops(10));
      const some = await readAll(log, { from: 4, to: 6 });
      expect(some.map(({ position }) => position)).toEqual([4, 5, 6]);
      expect(await readAll(log, { from: 9, to: 99 })).toHaveLength(2);
      expect(await readAll(log, { from: 11 })).toEqual([]);
    });

    it('reads nothing up to position 0, where a log that was empty ended', async () => {
      const log = await open();
      const end = log.status().position;
      await log.append(stops(3));
      expect(await readAll(log, { to: end })).toEqual([]);
    });

    it('refuses a range that is no range', async () => {
      const log = await open();
      expect(() => log.read({ from: Number.NaN })).toThrow(RangeError);
      expect(() => log.read({ to: 1.5 })).toThrow(/'to' must be a position/);
    });

    it('reads only the types that are asked for', async () => {
      const log = await open();
      const panic = createEvent('strategy.restarted', { symbol: 'BTCUSDT', strategy: 'grid', attempt: 1 });
      await log.append([...stops(3), panic, ...stops(3)]);
      const found = await readAll(log, { types: ['strategy.restarted'] });
      expect(found.map(({ position }) => position)).toEqual([4]);
      expect(await readAll(log, { types: [] })).toEqual([]);
    });

    it('reads a long log in chunks and leaves out what is committed after the call', async () => {
      const log = await open();
      await log.append(stops(4_500));
      const reading = log.read();
      await log.append(stops(10));
      const sizes: number[] = [];
      for await (const records of reading) sizes.push(records.length);
      expect(sizes.length).toBeGreaterThan(1);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(4_500);
    });

    it('refuses at once, and queues nothing, when too many events are waiting', async () => {
      const log = await open({ maxQueued: 5 });
      const accepted = log.append(stops(4));
      const refused = log.append(stops(2, 'REFUSED'));
      expect(log.status().queueDepth).toBe(4);
      await expect(refused).rejects.toMatchObject({ code: 'LOG_FULL' });
      await accepted;
      await log.append(stops(5, 'LATER'));
      expect(log.status().position).toBe(9);
    });

    it('refuses an event that is no JSON and goes on with the others', async () => {
      const log = await open();
      const [good, base] = stops(2);
      if (!good || !base) throw new Error('two events');
      const bad = { ...base, data: { ...base.data, size: 1n } } as unknown as typeof base;
      await expect(log.append([good, bad])).rejects.toMatchObject({ code: 'LOG_REFUSED' });
      await log.append([good]);
      expect(log.status().position).toBe(1);
    });

    it('flushes what was handed over before', async () => {
      const log = await open();
      const appended = log.append(stops(3));
      await log.flush();
      expect(log.status()).toMatchObject({ position: 3, queueDepth: 0 });
      await appended;
    });

    it('writes what is waiting when it is closed, once, and takes nothing afterwards', async () => {
      const log = await open();
      const appended = log.append(stops(3));
      const closing = log.close();
      expect(log.close()).toBe(closing);
      await Promise.all([appended, closing]);
      await expect(log.append(stops(1))).rejects.toMatchObject({ code: 'LOG_CLOSED' });
      await expect(log.saveCheckpoint({ consumer: 'a', position: 1 })).rejects.toMatchObject({
        code: 'LOG_CLOSED',
      });
      await expect(readAll(log)).rejects.toMatchObject({ code: 'LOG_CLOSED' });
    });

    if (reopen !== undefined) {
      it('goes on where it was when it is opened again, and knows the ids it holds', async () => {
        const log = await open();
        const events = stops(3);
        await log.append(events);
        const again = await reopen(log);
        expect(again.status().position).toBe(3);
        await again.append([...events, ...stops(1, 'NEW')]);
        const records = await readAll(again);
        expect(records.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
        expect(symbolsOf(records).at(-1)).toBe('NEW1');
        expect(records.slice(0, 3).map(({ event }) => event)).toEqual(events);
      });
    }
  });
}
