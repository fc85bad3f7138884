import { setTimeout } from 'node:timers/promises';
import { eventually } from '@opensqt/trading-events/testing';
import { EventLogError, type LogRecord } from '../event-log';
import { LogSubscription } from './log-subscription';

const END = 9;

/** A log whose first positions are dropped by others: it knows so once it reads. */
function dropping() {
  const kept = { first: 1, known: 1 };
  const next = async (from: number): Promise<readonly LogRecord[]> => {
    await setTimeout(1);
    if (from >= kept.first) return from > END ? [] : [{ position: from } as LogRecord];
    kept.known = kept.first;
    throw new EventLogError('LOG_DROPPED', `positions before ${kept.first} are dropped`);
  };
  return { kept, source: { name: 'log', first: () => kept.known, end: () => END, next, pollMs: 1 } };
}

describe('a subscription to a log with a retention', () => {
  it('begins where the log does, also when that moves before it has read anything', async () => {
    const { kept, source } = dropping();
    const handled: number[] = [];
    kept.first = 5;
    const errors: unknown[] = [];
    const subscription = new LogSubscription(
      source,
      1,
      (records) => void handled.push(...records.map(({ position }) => position)),
      { onError: (error) => errors.push(error) },
    );
    await subscription.caughtUp();
    await subscription.close();
    expect(handled).toEqual([5, 6, 7, 8, 9]);
    expect(errors).toEqual([]);
  });

  it('is told so when it has fallen behind, and gets nothing more', async () => {
    const { kept, source } = dropping();
    const handled: number[] = [];
    const errors: unknown[] = [];
    const subscription = new LogSubscription(
      source,
      1,
      ([record]) => {
        handled.push(record?.position ?? 0);
        kept.first = 5;
      },
      { onError: (error) => errors.push(error) },
    );
    await eventually(() => expect(errors).toMatchObject([{ code: 'LOG_DROPPED' }]));
    await subscription.close();
    expect(handled).toEqual([1]);
  });
});
