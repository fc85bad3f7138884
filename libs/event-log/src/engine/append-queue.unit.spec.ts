import { AppendQueue, type QueuedAppend } from './append-queue';
import { encodeEvent } from './event-codec';
import { stops } from '../testing/sample-events';

function append(events: number): QueuedAppend {
  return {
    events: stops(events).map(encodeEvent),
    checkpoints: [],
    queuedAt: 0,
    resolve: () => undefined,
    reject: () => undefined,
  };
}

function queueOf(...sizes: readonly number[]): AppendQueue {
  const queue = new AppendQueue(100);
  for (const size of sizes) queue.add(append(size));
  return queue;
}

const sizes = (appends: readonly QueuedAppend[]): readonly number[] =>
  appends.map(({ events }) => events.length);

describe('the append queue', () => {
  it('gives whole appends, as many as fit into a batch', () => {
    expect(sizes(queueOf(3, 4, 5).head(7))).toEqual([3, 4]);
  });

  it('gives an append alone that is larger than a batch', () => {
    expect(sizes(queueOf(9, 1).head(7))).toEqual([9]);
  });

  it('keeps what was looked at until it is taken', () => {
    const queue = queueOf(3, 4);
    queue.head(3);
    expect(queue.depth).toBe(7);
    queue.take(1);
    expect(queue.depth).toBe(4);
    expect([queue.start, queue.end]).toEqual([1, 2]);
  });

  it('counts a lone checkpoint as one event', () => {
    expect(queueOf(98, 0).depth).toBe(99);
  });
});
