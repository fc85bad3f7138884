import fc from 'fast-check';
import type { EncodedEnvelope } from '../../engine/log-store';
import { type Frame, RingConsumer, RingProducer, createRing } from './append-ring';

function ring(capacity: number): { readonly producer: RingProducer; readonly consumer: RingConsumer } {
  const memory = createRing(capacity);
  const apart: string[] = [];
  const producer = new RingProducer(memory, (texts) => apart.push(texts));
  const consumer = new RingConsumer(memory, () => apart.shift() ?? '');
  return { producer, consumer };
}

function envelope(data: string, causationId?: string): EncodedEnvelope {
  const event = {
    id: 'id-ä',
    type: 'symbol.stopped',
    version: 2 ** 40,
    source: 'orchestrator',
    occurredAt: 0.5,
  };
  return { event: { ...event, ...(causationId === undefined ? {} : { causationId }) }, data };
}

function taken(consumer: RingConsumer): readonly Frame[] {
  const frames: Frame[] = [];
  for (let frame = consumer.take(); frame !== undefined; frame = consumer.take()) frames.push(frame);
  return frames;
}

describe('the ring between the threads', () => {
  it('gives out what was put in: envelope, data, checkpoints, and where appends end', () => {
    const { producer, consumer } = ring(4_096);
    producer.putEvent(envelope('{"a":"ö€😀"}', 'cause'), false);
    producer.putEvent(envelope('{}'), true);
    producer.putCheckpoint({ consumer: 'alerts', position: 2 ** 50 }, false);
    producer.putCheckpoint({ consumer: 'others', position: 1 }, true);
    expect(taken(consumer)).toStrictEqual([
      { kind: 'event', last: false, event: envelope('{"a":"ö€😀"}', 'cause') },
      { kind: 'event', last: true, event: envelope('{}') },
      { kind: 'checkpoint', last: false, checkpoint: { consumer: 'alerts', position: 2 ** 50 } },
      { kind: 'checkpoint', last: true, checkpoint: { consumer: 'others', position: 1 } },
    ]);
  });

  it('refuses when there is no room, and has room again after something was taken out', () => {
    const { producer, consumer } = ring(1_024);
    let put = 0;
    while (producer.putEvent(envelope('{"a":1}'), true)) put += 1;
    expect(put).toBeGreaterThan(2);
    expect(taken(consumer)).toHaveLength(put);
    expect(producer.putEvent(envelope('{"a":1}'), true)).toBe(true);
  });

  it('hands what is too large for it over apart, in its place', () => {
    const { producer, consumer } = ring(1_024);
    const large = envelope(JSON.stringify({ text: 'x'.repeat(10_000) }));
    producer.putEvent(envelope('{"n":1}'), true);
    producer.putEvent(large, true);
    producer.putEvent(envelope('{"n":2}'), true);
    const data = taken(consumer).map((frame) => (frame.kind === 'event' ? frame.event.data : ''));
    expect(data).toEqual(['{"n":1}', large.data, '{"n":2}']);
  });

  it('keeps order and content over any number of turns, however puts and takes interleave', () => {
    const step = fc.record({ size: fc.nat(400), takes: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 200 }), (steps) => {
        const { producer, consumer } = ring(2_048);
        const put: string[] = [];
        const got: string[] = [];
        const take = (): boolean => {
          const frame = consumer.take();
          if (frame?.kind === 'event') got.push(frame.event.data);
          return frame !== undefined;
        };
        steps.forEach(({ size, takes }, index) => {
          const data = `{"n":${index},"text":"${'é'.repeat(size)}"}`;
          while (!producer.putEvent(envelope(data), true)) expect(take()).toBe(true);
          put.push(data);
          for (let i = 0; i < takes; i++) take();
        });
        while (take());
        expect(got).toEqual(put);
      }),
    );
  });

  it('tells once that room is asked for, and numbers the requests to hurry', () => {
    const { producer, consumer } = ring(1_024);
    const { signal } = consumer;
    producer.askForRoom();
    expect([consumer.takeRequestForRoom(), consumer.takeRequestForRoom()]).toEqual([true, false]);
    expect([producer.urge(), producer.urge(), consumer.urgent]).toEqual([1, 2, 2]);
    consumer.sleep(signal); // returns at once: it was roused since
  });
});
