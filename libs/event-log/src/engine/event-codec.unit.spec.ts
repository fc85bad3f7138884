import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { decodeRow, encodeEvent } from './event-codec';

const event = createEvent(
  'symbol.stopped',
  { symbol: 'BTCUSDT', reason: 'operator' },
  { id: 'id-1', occurredAt: 5 },
);

function broken(change: Record<string, unknown>): AnyEvent {
  return { ...event, ...change } as unknown as AnyEvent;
}

describe('an event on its way into the log', () => {
  it('has its data made JSON', () => {
    expect(encodeEvent(event)).toEqual({ event, data: '{"symbol":"BTCUSDT","reason":"operator"}' });
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;

  it.each([
    ['an empty id', { id: '' }, 'its id must be text'],
    ['no type', { type: undefined }, 'it has no type'],
    ['a time that is NaN', { occurredAt: Number.NaN }, 'must be numbers'],
    ['a causation that is no text', { causationId: 7 }, 'its causationId must be text'],
    ['data that refers to itself', { data: circular }, "can't be written as JSON"],
    ['data that is a list', { data: [1] }, 'its data must be an object'],
    ['no data', { data: undefined }, 'its data must be an object'],
    ['data that is too large', { data: { text: 'x'.repeat(17 * 1024 * 1024) } }, 'larger than 16777216'],
  ])('is refused with %s', (_, change, reason) => {
    expect(() => encodeEvent(broken(change))).toThrow(
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
    occurred_at: 5,
    causation_id: null,
    data: encodeEvent(event).data,
    committed_at: 9,
  };

  it('becomes the event it was made of, without a causation that it has not', () => {
    expect(decodeRow(row, 'log')).toStrictEqual({ position: 3, committedAt: 9, event });
    expect(decodeRow({ ...row, causation_id: 'c' }, 'log').event.causationId).toBe('c');
  });

  it('is unreadable when its data is not JSON', () => {
    expect(() => decodeRow({ ...row, data: '{' }, 'log')).toThrow(/log: the event at position 3 is broken/);
  });

  it('is refused, by its position, when a newer release wrote it', () => {
    for (const change of [{ version: 2 }, { type: 'symbol.renamed' }]) {
      expect(() => decodeRow({ ...row, ...change }, 'log')).toThrow(
        expect.objectContaining({
          code: 'LOG_UNSUPPORTED',
          message: expect.stringMatching(/^log: the event at position 3 can't be understood: .*symbol/),
        }),
      );
    }
  });
});
