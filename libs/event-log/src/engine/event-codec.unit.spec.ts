import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { decodeRow, encodeEvent, storable } from './event-codec';

const event = createEvent(
  'symbol.stopped',
  { symbol: 'BTCUSDT', reason: 'operator' },
  { id: 'id-1', occurredAt: 1_700_000_000_000 },
);

function broken(change: Record<string, unknown>): AnyEvent {
  return { ...event, ...change } as unknown as AnyEvent;
}

describe('an event on its way into the log', () => {
  it('has its data made JSON', () => {
    expect(encodeEvent(event)).toEqual({ event, data: '{"symbol":"BTCUSDT","reason":"operator"}' });
  });

  it('is the record that the boundary makes of it', () => {
    const given = broken({ data: { ...event.data, size: 1n }, traceId: 'x' });
    expect(storable([given], undefined).events).toEqual([event]);
  });

  it.each([
    ['an empty id', { id: '' }, 'id is ; it must be 1 to 256 characters'],
    ['no type', { type: undefined }, "There is no event type 'undefined'"],
    ['a time that is NaN', { occurredAt: Number.NaN }, 'occurredAt is NaN; it must be epoch milliseconds'],
    ['a causation that is no text', { causationId: 7 }, 'causationId is 7; it must be text'],
    ['data that lacks a field', { data: { symbol: 'BTCUSDT' } }, 'data.reason is missing'],
    ['no data', { data: undefined }, 'data must be an object'],
  ])('is refused with %s', (_, change, reason) => {
    expect(() => storable([event, broken(change)], undefined)).toThrow(
      expect.objectContaining({ code: 'LOG_REFUSED', message: expect.stringContaining(reason) }),
    );
  });
});

describe('a row', () => {
  const row = {
    position: 3,
    id: 'id-1',
    type: 'symbol.stopped',
    version: 1,
    source: 'orchestrator',
    occurred_at: 1_700_000_000_000,
    causation_id: null,
    data: encodeEvent(event).data,
    committed_at: 9,
    bot: 'mm-2',
    writer: 'mm-2-a',
  };

  it('becomes the event it was made of, without a causation that it has not', () => {
    expect(decodeRow(row, 'log', 'mm-1')).toStrictEqual({
      position: 3,
      committedAt: 9,
      bot: 'mm-2',
      writer: 'mm-2-a',
      event,
    });
    expect(decodeRow({ ...row, causation_id: 'c' }, 'log', 'mm-1').event.causationId).toBe('c');
  });

  it('is of the first bot when none is recorded', () => {
    expect(decodeRow({ ...row, bot: null, writer: null }, 'log', 'mm-1')).toMatchObject({
      bot: 'mm-1',
      writer: 'mm-1',
    });
  });

  it('is unreadable when its data is not JSON', () => {
    expect(() => decodeRow({ ...row, data: '{' }, 'log', 'mm-1')).toThrow(
      /log: the event at position 3 is broken/,
    );
  });

  it('is refused, by its position, when a newer release wrote it', () => {
    for (const change of [{ version: 2 }, { type: 'symbol.renamed' }]) {
      expect(() => decodeRow({ ...row, ...change }, 'log', 'mm-1')).toThrow(
        expect.objectContaining({
          code: 'LOG_UNSUPPORTED',
          message: expect.stringMatching(/^log: the event at position 3 can't be understood: .*symbol/),
        }),
      );
    }
  });
});
