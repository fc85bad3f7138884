import { type AnyEvent, Rejection, createEvent, parseEvent } from '@opensqt/trading-events';
import { anyCandidate, nearEvent } from '@opensqt/trading-events/testing/events';
import fc from 'fast-check';
import type { EventLogBackend } from './event-log-backend';
import { positions, readAll, stops, symbolsOf } from '../sample-events';

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
      expect(record).toEqual({
        position: 1,
        committedAt: expect.any(Number),
        bot: 'opensqt',
        writer: 'opensqt',
        event,
      });
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

    it('records and hands over each event once where all, some or none of a batch are known', async () => {
      const log = await open();
      const seen: string[] = [];
      const subscription = log.subscribe(1, (records) => {
        seen.push(...records.map(({ position, event }) => `${position} ${event.id}`));
      });
      const events = stops(9);
      await log.append(events.slice(0, 3));
      await log.append(events.slice(0, 3)); // all known
      expect(log.status().position).toBe(3);
      await log.append(events.slice(2, 6)); // some
      await log.append([...events.slice(4, 6), ...events.slice(0, 2)]); // all, in another order
      await log.append(events.slice(6)); // none
      await subscription.caughtUp();
      const expected = events.map(({ id }, index) => `${index + 1} ${id}`);
      expect(seen).toEqual(expected);
      expect((await readAll(log)).map(({ position, event }) => `${position} ${event.id}`)).toEqual(expected);
      expect(log.status().position).toBe(9);
    });

    it('refuses ids that would be one once they are stored, and goes on', async () => {
      const log = await open();
      const [first, second, good] = stops(3);
      if (!first || !second || !good) throw new Error('three events');
      const illFormed = [
        { ...first, id: 'a\ud800' },
        { ...second, id: 'a\ud801' },
      ];
      await expect(log.append(illFormed)).rejects.toMatchObject({ code: 'LOG_REFUSED' });
      await log.append([good, { ...good }, good]);
      expect((await readAll(log)).map(({ event }) => event.id)).toEqual([good.id]);
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

    it('refuses an event that the parser refuses and goes on with the others', async () => {
      const log = await open();
      const [good, base] = stops(2);
      if (!good || !base) throw new Error('two events');
      const bad = { ...base, data: { ...base.data, symbol: 1n } } as unknown as typeof base;
      await expect(log.append([good, bad])).rejects.toMatchObject({ code: 'LOG_REFUSED' });
      await log.append([good]);
      expect(log.status().position).toBe(1);
    });

    it('judges as the parser does, and reads back what that made of an event', async () => {
      const log = await open();
      const candidates = fc.sample(fc.oneof(anyCandidate(), nearEvent()), 300);
      const accepted: AnyEvent[] = [];
      for (const given of candidates) {
        const candidate = (typeof given === 'function' ? given() : given) as AnyEvent;
        const event = parseEvent(candidate);
        if (event instanceof Rejection) {
          await expect(log.append([candidate])).rejects.toMatchObject({ code: 'LOG_REFUSED' });
        } else {
          await log.append([candidate]);
          accepted.push(event);
        }
      }
      expect(accepted.length).toBeGreaterThan(100);
      const known = new Set<string>();
      const stored = accepted.filter(({ id }) => !known.has(id) && known.add(id));
      expect((await readAll(log)).map(({ event }) => event)).toEqual(stored);
      if (reopen === undefined) return;
      expect((await readAll(await reopen(log))).map(({ event }) => event)).toEqual(stored);
    });

    it('keeps what was handed over, whatever its source does with it afterwards', async () => {
      const log = await open();
      const [event] = stops(1);
      if (event === undefined) throw new Error('an event');
      const data = { ...event.data };
      const appended = log.append([{ ...event, data } as AnyEvent]);
      Object.assign(data, { symbol: 'CHANGED' });
      await appended;
      expect((await readAll(log)).map((record) => record.event)).toEqual([event]);
    });

    it('says before whether there is room', async () => {
      const log = await open({ maxQueued: 5 });
      expect(log.admit(stops(5))).toBeUndefined();
      expect(log.admit(stops(6))).toMatchObject({ code: 'LOG_FULL' });
      expect(log.status()).toMatchObject({ refused: 6, queueDepth: 0 });
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
      expect(log.admit(stops(1))).toMatchObject({ code: 'LOG_CLOSED' });
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
