import { createEvent } from '../catalogue/create-event';
import { createUpcast, upcast } from './upcast';
import type { WrittenEvent } from './upcasters';

const first: WrittenEvent = {
  id: 'id-1',
  type: 'order.filled',
  version: 1,
  source: 'order-executor',
  occurredAt: 1_700_000_000_000,
  causationId: 'cause',
  data: { symbol: 'BTCUSDT', fee: '0.5', feeAsset: 'USDT' },
};

/** A second and a third version of a fill, as no release has: the fee becomes an object, then knows its day. */
const toThird = createUpcast(
  { 'order.filled': 3, 'symbol.stopped': 1 },
  {
    'order.filled': [
      ({ fee, feeAsset, ...data }) => ({ ...data, fee: { amount: fee, asset: feeAsset } }),
      (data, { occurredAt }) => ({ ...data, day: new Date(occurredAt).toISOString().slice(0, 10) }),
    ],
  },
);

describe('an event of an earlier version', () => {
  it('goes through each step to today, and keeps its envelope', () => {
    expect(toThird(first)).toStrictEqual({
      ...first,
      version: 3,
      data: { symbol: 'BTCUSDT', fee: { amount: '0.5', asset: 'USDT' }, day: '2023-11-14' },
    });
  });

  it('enters at its own version', () => {
    const second = { ...first, version: 2, data: { symbol: 'BTCUSDT', fee: { amount: '1', asset: 'BTC' } } };
    expect(toThird(second).data).toStrictEqual({ ...second.data, day: '2023-11-14' });
  });

  it('is left as it was written', () => {
    const before = structuredClone(first);
    toThird(first);
    expect(first).toStrictEqual(before);
  });

  it('says which step failed, on what', () => {
    const broken = createUpcast(
      { 'order.filled': 2 },
      {
        'order.filled': [
          () => {
            throw new Error('no fee');
          },
        ],
      },
    );
    expect(() => broken(first)).toThrow(
      expect.objectContaining({
        code: 'UPCASTER_FAILED',
        message: expect.stringContaining('version 1 of order.filled could not be brought to version 2'),
      }),
    );
  });
});

describe('an event of today', () => {
  it('is returned as it is', () => {
    const event = createEvent('symbol.stopped', { symbol: 'BTCUSDT', reason: 'operator' });
    expect(upcast(event as unknown as WrittenEvent)).toBe(event);
  });
});

describe('an event of a newer release', () => {
  it('is refused when its version is unknown', () => {
    expect(() => toThird({ ...first, version: 4 })).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_VERSION',
        message: 'it is version 4 of order.filled, of which this release knows 1 to 3',
      }),
    );
  });

  it.each(['order.amended', 'constructor'])('is refused when its type %s is unknown', (type) => {
    expect(() => upcast({ ...first, type })).toThrow(expect.objectContaining({ code: 'UNKNOWN_TYPE' }));
  });
});

describe('a new version', () => {
  it.each([
    ['without its upcaster', 2, []],
    ['with an upcaster too many', 1, [() => ({})]],
  ])('does not load %s', (_, version, steps) => {
    expect(() => createUpcast({ 'order.filled': version }, { 'order.filled': steps })).toThrow(
      /order\.filled is at version \d and has \d upcasters/,
    );
  });
});
