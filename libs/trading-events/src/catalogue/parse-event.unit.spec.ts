import fc from 'fast-check';
import type { AnyEvent } from '../events/trading-event';
import { anyCandidate } from '../testing/arbitrary-events';
import { hostileValue, nearEvent } from '../testing/hostile-values';
import { EVENT_CATALOGUE, EVENT_TYPES } from './catalogue';
import { createEvent } from './create-event';
import type { FieldRule } from './catalogue-entry';
import { parseEvent } from './parse-event';
import { REJECTION_REASONS, Rejection, type RejectionReason } from './rejection';

const data = {
  symbol: 'BTCUSDT',
  strategy: 'grid',
  orderId: '1',
  fillId: '1',
  side: 'buy',
  price: '60000',
  quantity: '0.5',
  remaining: '0',
  fee: '-0.1',
  feeAsset: 'USDT',
} as const;
const filled = { ...createEvent('order.filled', data) };
const called = createEvent('exchange.call_completed', {
  exchange: 'paper',
  operation: 'place_order',
  durationMs: 0,
  outcome: 'ok',
});

function reasonFor(candidate: unknown): RejectionReason | 'accepted' {
  const parsed = parseEvent(candidate);
  return parsed instanceof Rejection ? parsed.reason : 'accepted';
}

const withData = (event: { data: object }, change: object) => ({
  ...event,
  data: { ...event.data, ...change },
});

function isDeeplyFrozen(value: unknown): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen))
  );
}

describe.each(EVENT_TYPES.map((type) => [type]))('the parser of %s', (type) => {
  const { fields, source, version } = EVENT_CATALOGUE[type];

  it('makes a frozen record of the catalogue’s fields alone, which JSON gives back', () => {
    const allowed = new Set(Object.keys(fields));
    fc.assert(
      fc.property(anyCandidate([type]), fc.dictionary(fc.string(), fc.anything()), (candidate, others) => {
        const event = parseEvent({ ...others, ...candidate, data: { ...others, ...candidate.data } });
        if (event instanceof Rejection) throw new Error(event.message);
        expect(Object.keys(event.data).filter((field) => !allowed.has(field))).toEqual([]);
        expect(JSON.parse(JSON.stringify(event))).toEqual(event);
        expect(isDeeplyFrozen(event)).toBe(true);
        expect(parseEvent(event)).toBe(event);
        expect(parseEvent({ ...event })).toEqual(event);
      }),
      { numRuns: 15 },
    );
  });

  it('refuses or mends whatever comes in a field, and never throws', () => {
    const before = fc.sample(anyCandidate([type]), { numRuns: 1, seed: 5 })[0];
    for (const field of Object.keys(fields)) {
      fc.assert(
        fc.property(hostileValue, (value) => {
          const parsed = parseEvent({ ...before, data: { ...before?.data, [field]: value() } });
          if (parsed instanceof Rejection) {
            expect(parsed.type).toBe(type);
            expect(parsed.message).toContain(field);
            expect(Object.keys(REJECTION_REASONS)).toContain(parsed.reason);
          } else expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
        }),
        { numRuns: 25 },
      );
    }
  });

  it('names each field that is missing', () => {
    const required = Object.entries<FieldRule>(fields).filter(([, rule]) => rule.optional !== true);
    const before = fc.sample(anyCandidate([type]), { numRuns: 1, seed: 5 })[0];
    for (const [field, { kind }] of required) {
      const parsed = parseEvent({ ...before, data: { ...before?.data, [field]: undefined } });
      expect(parsed).toEqual(
        new Rejection(type, 'missing_field', `Event ${type}: data.${field} is missing; it must be ${kind}.`),
      );
    }
  });

  it('knows who states it, whether it is kept, and no version that is still to come', () => {
    const { kept, fact } = EVENT_CATALOGUE[type];
    expect(source).not.toBe('');
    expect(['log', 'live']).toContain(kept);
    expect(fact).toMatch(/\.$/);
    const [event] = fc.sample(anyCandidate([type]), 1);
    expect(reasonFor({ ...event, version: version + 1 })).toBe('unknown_version');
  });
});

describe('the boundary', () => {
  it('accepts what is well formed, and leaves out fields that it does not know', () => {
    const event = parseEvent({ ...withData(filled, { venueNote: 10n }), causationId: 'e-1', traceId: 'x' });
    expect(event).toEqual({ ...filled, causationId: 'e-1' });
  });

  it.each<[string, object, RejectionReason]>([
    ['a missing symbol', { symbol: undefined }, 'missing_field'],
    ['a symbol with a line break', { symbol: 'BTC\nUSDT' }, 'bad_label'],
    ['a symbol with half of a surrogate pair', { symbol: 'X\ud800' }, 'bad_label'],
    ['a symbol that is a number', { symbol: 1 }, 'wrong_type'],
    ['an order id with half of a surrogate pair', { orderId: 'X\ud800' }, 'bad_id'],
    ['an unknown side', { side: 'hold' }, 'not_allowed'],
    ['a price that is a number', { price: 60_000 }, 'not_decimal'],
    ['a price that is NaN', { price: NaN }, 'not_finite'],
    ['a price with an exponent', { price: '6e4' }, 'not_decimal'],
    ['a quantity of zero', { quantity: '0.00' }, 'not_positive'],
    ['a negative quantity', { quantity: '-0.1' }, 'negative'],
    ['a negative rest', { remaining: '-0.1' }, 'negative'],
    ['an empty decimal', { fee: '' }, 'not_decimal'],
  ])('refuses a fill with %s', (_what, change, reason) => {
    expect(reasonFor(withData(filled, change))).toBe(reason);
  });

  it('accepts prices of zero and below, and minus zero as a rest, which is zero', () => {
    for (const price of ['-37.63', '0', '0.00', '-0'])
      expect(reasonFor(withData(filled, { price }))).toBe('accepted');
    expect(reasonFor(withData(filled, { remaining: '-0.00' }))).toBe('accepted');
  });

  it.each([NaN, Infinity, -Infinity])('refuses a duration of %p', (durationMs) => {
    expect(reasonFor(withData(called, { durationMs }))).toBe('not_finite');
  });

  it.each<[string, object, RejectionReason]>([
    ['an unknown type', { type: 'order.teleported' }, 'unknown_type'],
    ['a type that every object has', { type: 'constructor' }, 'unknown_type'],
    ['no id', { id: undefined }, 'malformed_envelope'],
    ['an id that is too long', { id: 'x'.repeat(257) }, 'bad_id'],
    ['an id with U+0000', { id: 'a\u0000' }, 'bad_id'],
    ['another source', { source: 'alerts' }, 'malformed_envelope'],
    ['a version of zero', { version: 0 }, 'malformed_envelope'],
    ['a version to come', { version: 99 }, 'unknown_version'],
    ['a time that is a date', { occurredAt: new Date() }, 'malformed_envelope'],
    ['a time that is NaN', { occurredAt: NaN }, 'malformed_envelope'],
    ['a time in seconds', { occurredAt: 1_700_000_000 }, 'wrong_unit'],
    ['a time in nanoseconds', { occurredAt: 1_700_000_000_000_000_000 }, 'wrong_unit'],
    ['a time long ago', { occurredAt: 5 }, 'out_of_range'],
    ['no data', { data: undefined }, 'malformed_envelope'],
  ])('refuses an envelope with %s', (_what, change, reason) => {
    expect(reasonFor({ ...filled, ...change })).toBe(reason);
  });

  it.each([null, undefined, 1, 'text', [], 10n, () => filled])(
    'refuses %p, which is no event',
    (candidate) => {
      expect(reasonFor(candidate)).not.toBe('accepted');
    },
  );

  it('says what was wrong, where, and what would be right', () => {
    expect(parseEvent(withData(filled, { side: 'hold' }))).toEqual(
      new Rejection(
        'order.filled',
        'not_allowed',
        'Event order.filled: data.side is hold; it must be one of buy, sell.',
      ),
    );
    expect(parseEvent({ ...filled, occurredAt: 1_700_000_000 })).toMatchObject({
      message:
        'Event order.filled: occurredAt is 1700000000; it must be epoch milliseconds between the years 2000 and 2200; this one looks like seconds: multiply it by 1,000.',
    });
  });

  it('names the field whose reading threw', () => {
    const lazy = {
      ...data,
      get price(): string {
        throw new Error('detached');
      },
    };
    expect(parseEvent({ ...filled, data: lazy })).toMatchObject({
      reason: 'unreadable',
      message: 'Event order.filled: reading price threw an error. Emit a plain object of plain values.',
    });
  });

  it('reads each property once, so that what it checked is what it has', () => {
    let reads = 0;
    const shifting = {
      ...data,
      get quantity(): string {
        return (reads += 1) === 1 ? '1' : '-999';
      },
    };
    expect(parseEvent({ ...filled, data: shifting })).toMatchObject({ data: { quantity: '1' } });
    expect(reads).toBe(1);
  });

  it('never throws, whatever nearly is an event', () => {
    fc.assert(
      fc.property(fc.oneof(nearEvent(), hostileValue), (candidate) => {
        const parsed = parseEvent(candidate());
        if (!(parsed instanceof Rejection)) expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
      }),
      { numRuns: 1_000 },
    );
  });

  it('believes no event that was parsed only in part, or that imitates one', () => {
    const event = createEvent('order.filled', data);
    for (const imitation of [{ ...event }, Object.create(event) as AnyEvent, new Proxy(event, {})])
      expect(parseEvent(imitation)).not.toBe(imitation);
  });
});

describe('createEvent', () => {
  it('fills in the envelope', () => {
    const event = createEvent('price.updated', { symbol: 'BTCUSDT', price: '1' });
    expect(event).toMatchObject({ type: 'price.updated', version: 1, source: 'orchestrator' });
    expect(event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(event).not.toHaveProperty('causationId');
  });

  it('keeps what the caller knows better', () => {
    const envelope = { id: 'mine', occurredAt: 1_700_000_000_000, causationId: 'cause' };
    expect(createEvent('price.updated', { symbol: 'A', price: '1' }, envelope)).toMatchObject(envelope);
  });

  it('makes a record of its own, which is not parsed again and which nothing changes', () => {
    const given = { ...data };
    const event = createEvent('order.filled', given);
    Object.assign(given, { quantity: '999' });
    expect(event.data.quantity).toBe('0.5');
    expect(parseEvent(event)).toBe(event);
    expect(isDeeplyFrozen(event)).toBe(true);
  });

  it('throws nothing for what is refused, which the boundary then refuses', () => {
    fc.assert(
      fc.property(hostileValue, hostileValue, (value, time) => {
        const given = { ...data, price: value() as string };
        const event = createEvent('order.filled', given, { occurredAt: time() as number, id: 'mine' });
        const { occurredAt } = event;
        const parsed = parseEvent({ ...filled, id: 'mine', occurredAt, data: given });
        expect(parsed instanceof Rejection ? parseEvent(event) : event).toEqual(parsed);
      }),
    );
  });

  it('names the known types when it is asked for another', () => {
    expect(() => createEvent('order.teleported' as 'order.filled', data)).toThrow(/order\.filled/);
  });
});
