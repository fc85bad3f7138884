import { eventually } from '@opensqt/trading-events/testing';
import type { LogRecord } from '../../event-log';
import type { EventLogBackend } from './event-log-backend';
import { positions, stops } from '../sample-events';

/** Following the log. */
export function describeSubscribing({ open }: EventLogBackend): void {
  describe('subscribe', () => {
    it('hands over what is there and then each commit, without a gap or a repeat, while events come', async () => {
      const log = await open();
      await log.append(stops(3_000));
      const seen: number[] = [];
      const subscription = log.subscribe(1, async (records) => {
        seen.push(...records.map(({ position }) => position));
        await new Promise((resolve) => setImmediate(resolve));
      });
      for (let i = 0; i < 40; i++) {
        const appended = stops(150).map((event) => log.append([event]));
        if (i % 4 === 0) await Promise.all(appended);
      }
      await log.flush();
      await subscription.caughtUp();
      expect(seen).toEqual(positions(9_000));
    });

    it('begins at the position that is asked for, also one that is not there yet', async () => {
      const log = await open();
      await log.append(stops(5));
      const seen: number[] = [];
      const subscription = log.subscribe(
        7,
        (records) => void seen.push(...records.map(({ position }) => position)),
      );
      await subscription.caughtUp();
      await log.append(stops(3));
      await subscription.caughtUp();
      expect(seen).toEqual([7, 8]);
    });

    it('waits for the handler before it hands over the next batch, and then brings all that came meanwhile', async () => {
      const log = await open();
      const batches: (readonly LogRecord[])[] = [];
      let release: (() => void) | undefined;
      const subscription = log.subscribe(1, (records) => {
        batches.push(records);
        return batches.length > 1 ? undefined : new Promise<void>((resolve) => (release = resolve));
      });
      await log.append(stops(1));
      await eventually(() => expect(release).toBeDefined());
      for (let i = 0; i < 5; i++) await log.append(stops(4_000));
      expect(batches).toHaveLength(1);
      release?.();
      await subscription.caughtUp();
      expect(batches.flat().map(({ position }) => position)).toEqual(positions(20_001));
    });

    it('gives the same batch again after the handler threw, and says so', async () => {
      const log = await open();
      const tried: number[][] = [];
      const errors: unknown[] = [];
      const subscription = log.subscribe(
        1,
        (records) => {
          tried.push(records.map(({ position }) => position));
          if (tried.length === 1) throw new Error('not now');
        },
        { onError: (error) => errors.push(error) },
      );
      await log.append(stops(2));
      await subscription.caughtUp();
      expect(tried).toEqual([
        [1, 2],
        [1, 2],
      ]);
      expect(errors).toEqual([new Error('not now')]);
    });

    it('is caught up only when the handler is done', async () => {
      const log = await open();
      await log.append(stops(1));
      let done = false;
      const subscription = log.subscribe(1, async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        done = true;
      });
      await subscription.caughtUp();
      expect(done).toBe(true);
    });

    it('is caught up at once on an empty log', async () => {
      const log = await open();
      await log.subscribe(1, () => undefined).caughtUp();
    });

    it('serves several subscribers, each at its own pace', async () => {
      const log = await open();
      const counts = [0, 0];
      const [first, second] = counts.map((_, i) =>
        log.subscribe(1, async (records) => {
          if (i === 1) await new Promise((resolve) => setTimeout(resolve, 5));
          counts[i] = (counts[i] ?? 0) + records.length;
        }),
      );
      for (let i = 0; i < 10; i++) await log.append(stops(10));
      await Promise.all([first?.caughtUp(), second?.caughtUp()]);
      expect(counts).toEqual([100, 100]);
    });

    it('hands over nothing after it was closed, and rejects for whoever waits for it', async () => {
      const log = await open();
      let entered = false;
      let finished = false;
      const subscription = log.subscribe(1, async () => {
        entered = true;
        await new Promise((resolve) => setTimeout(resolve, 20));
        finished = true;
      });
      await log.append(stops(1));
      await eventually(() => entered);
      await log.append(stops(1));
      const waiting = expect(subscription.caughtUp()).rejects.toMatchObject({ code: 'LOG_CLOSED' });
      await subscription.close();
      expect(finished).toBe(true);
      await waiting;
    });

    it('ends with the log', async () => {
      const log = await open();
      const subscription = log.subscribe(1, () => undefined);
      await log.close();
      await subscription.close();
      expect(() => log.subscribe(1, () => undefined)).toThrow(
        expect.objectContaining({ code: 'LOG_CLOSED' }),
      );
    });
  });
}
