import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { AppendQueue } from './append-queue';
import { storable } from './event-codec';
import { stops } from '../testing/sample-events';

function queueOf(...sizes: readonly number[]): AppendQueue {
  const queue = new AppendQueue('The log', 100, 7);
  for (const size of sizes) void queue.add(storable(stops(size), undefined));
  return queue;
}

function batchesOf(queue: AppendQueue): readonly number[] {
  const sizes: number[] = [];
  for (let batch = queue.head(); batch !== undefined; batch = queue.head()) {
    sizes.push(batch.events.length);
    queue.removeHead();
  }
  return sizes;
}

describe('the append queue', () => {
  it('gives whole appends, as many as fit into a batch', () => {
    expect(batchesOf(queueOf(3, 4, 5, 1))).toEqual([7, 6]);
  });

  it('gives an append alone that is larger than a batch', () => {
    expect(batchesOf(queueOf(1, 9, 1))).toEqual([1, 9, 1]);
  });

  it('adds nothing to a batch that was given: tried again, it is the same', () => {
    const queue = queueOf(3);
    queue.head();
    void queue.add(storable(stops(2), undefined));
    expect(batchesOf(queue)).toEqual([3, 2]);
  });

  it('keeps what was given until it is removed', () => {
    const queue = queueOf(3, 5);
    queue.head();
    expect(queue.depth).toBe(8);
    queue.removeHead();
    expect(queue.depth).toBe(5);
    expect([queue.start, queue.end]).toEqual([1, 2]);
  });

  it('counts a lone checkpoint as one event', () => {
    expect(queueOf(98, 0).depth).toBe(99);
  });

  it('rejects what waits when it is abandoned, and says how much is lost and why', async () => {
    const queue = new AppendQueue('The log', 100, 7);
    const waiting = queue.add(storable(stops(3), undefined));
    const error = queue.abandon('The disk is full.', undefined);
    expect(error.message).toBe('The log was closed with 3 events that are lost. The disk is full.');
    await expect(waiting).rejects.toBe(error);
    expect(queue.depth).toBe(0);
  });
});

describe('admission to the queue', () => {
  const canceled = createEvent('order.canceled', {
    symbol: 'BTCUSDT',
    strategy: 'grid',
    orderId: '1',
    side: 'buy',
    reason: 'requote',
  });
  const [vital] = stops(1);

  function many(event: AnyEvent | undefined, count: number): readonly AnyEvent[] {
    if (event === undefined) throw new Error('an event');
    return Array.from({ length: count }, () => event);
  }

  function admits(waiting: number, events: readonly AnyEvent[]): boolean {
    const refusal = queueOf(...(waiting === 0 ? [] : [waiting])).admit(events, undefined);
    if (refusal !== undefined) expect(refusal).toMatchObject({ code: 'LOG_FULL' });
    return refusal === undefined;
  }

  it('accepts everything up to four fifths of the queue', () => {
    expect(admits(0, many(canceled, 80))).toBe(true);
    expect(admits(79, many(canceled, 1))).toBe(true);
  });

  it('keeps the rest for what the venue can not be asked about again', () => {
    expect(admits(80, many(canceled, 1))).toBe(false);
    expect(admits(80, many(vital, 20))).toBe(true);
    expect(admits(80, [canceled, ...many(vital, 1)])).toBe(true);
  });

  it('accepts nothing beyond its capacity, and counts a lone checkpoint as one event', () => {
    expect(admits(99, many(vital, 1))).toBe(true);
    expect(admits(99, many(vital, 2))).toBe(false);
    expect(admits(99, [])).toBe(true);
    expect(admits(100, [])).toBe(false);
  });
});
