import { EVENT_CATALOGUE, EVENT_TYPES } from './catalogue';
import { createEvent } from './create-event';
import type { RejectionReason } from './field-rules';
import { validateEvent } from './validate-event';

const filled = createEvent('order.filled', {
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
});
const called = createEvent('exchange.call_completed', {
  exchange: 'paper',
  operation: 'place_order',
  durationMs: 0,
  outcome: 'ok',
});

function reasonFor(candidate: unknown): RejectionReason | 'accepted' {
  const verdict = validateEvent(candidate);
  return verdict.ok ? 'accepted' : verdict.rejection.reason;
}

const withData = (event: { data: object }, change: object) => ({
  ...event,
  data: { ...event.data, ...change },
});

describe('the boundary', () => {
  it('accepts what is well formed, and fields that it does not know', () => {
    expect(reasonFor(filled)).toBe('accepted');
    expect(reasonFor(withData(filled, { venueNote: 'anything' }))).toBe('accepted');
    expect(reasonFor({ ...filled, causationId: 'e-1', traceId: 'x' })).toBe('accepted');
  });

  it.each<[string, object, RejectionReason]>([
    ['a missing symbol', { symbol: undefined }, 'missing_field'],
    ['an empty symbol', { symbol: '' }, 'bad_label'],
    ['a symbol of 65 characters', { symbol: 'x'.repeat(65) }, 'bad_label'],
    ['a symbol with a line break', { symbol: 'BTC\nUSDT' }, 'bad_label'],
    ['a symbol with a quote', { symbol: 'BTC"USDT' }, 'bad_label'],
    ['a symbol that is a number', { symbol: 1 }, 'wrong_type'],
    ['an unknown side', { side: 'hold' }, 'not_allowed'],
    ['a price that is a number', { price: 60_000 }, 'not_decimal'],
    ['a price that is NaN', { price: NaN }, 'not_finite'],
    ['a price with an exponent', { price: '6e4' }, 'not_decimal'],
    ['a price of zero', { price: '0.00' }, 'not_positive'],
    ['a negative price', { price: '-1' }, 'negative'],
    ['a negative quantity', { quantity: '-0.1' }, 'negative'],
    ['a negative rest', { remaining: '-0.1' }, 'negative'],
    ['an empty decimal', { fee: '' }, 'not_decimal'],
  ])('refuses a fill with %s', (_what, change, reason) => {
    expect(reasonFor(withData(filled, change))).toBe(reason);
  });

  it.each([NaN, Infinity, -Infinity])('refuses a duration of %p', (durationMs) => {
    expect(reasonFor(withData(called, { durationMs }))).toBe('not_finite');
  });

  it('accepts minus zero as a rest, which is zero', () => {
    expect(reasonFor(withData(filled, { remaining: '-0.00' }))).toBe('accepted');
  });

  it.each<[string, object, RejectionReason]>([
    ['an unknown type', { type: 'order.teleported' }, 'unknown_type'],
    ['a type that every object has', { type: 'constructor' }, 'unknown_type'],
    ['no id', { id: undefined }, 'malformed_envelope'],
    ['an id that is too long', { id: 'x'.repeat(129) }, 'malformed_envelope'],
    ['another source', { source: 'alerts' }, 'malformed_envelope'],
    ['a version of zero', { version: 0 }, 'malformed_envelope'],
    ['a time that is a date', { occurredAt: new Date() }, 'malformed_envelope'],
    ['a time that is NaN', { occurredAt: NaN }, 'malformed_envelope'],
    ['no data', { data: undefined }, 'malformed_envelope'],
  ])('refuses an envelope with %s', (_what, change, reason) => {
    expect(reasonFor({ ...filled, ...change })).toBe(reason);
  });

  it.each([null, undefined, 1, 'text', []])('refuses %p, which is no event', (candidate) => {
    expect(reasonFor(candidate)).not.toBe('accepted');
  });

  it('says what was wrong, where, and what would be right', () => {
    const verdict = validateEvent(withData(filled, { side: 'hold' }));
    expect(verdict).toEqual({
      ok: false,
      rejection: {
        type: 'order.filled',
        reason: 'not_allowed',
        message: 'Event order.filled: data.side is hold; it must be one of buy, sell.',
      },
    });
  });

  it('knows for every event type who states it, and whether it is kept', () => {
    for (const type of EVENT_TYPES) {
      const { source, kept, fact } = EVENT_CATALOGUE[type];
      expect([type, source.length > 0, ['log', 'live'].includes(kept), fact.endsWith('.')]).toEqual([
        type,
        true,
        true,
        true,
      ]);
    }
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
    const envelope = { id: 'mine', occurredAt: 5, causationId: 'cause' };
    expect(createEvent('price.updated', { symbol: 'A', price: '1' }, envelope)).toMatchObject(envelope);
  });

  it('names the known types when it is asked for another', () => {
    expect(() => createEvent('order.teleported' as 'order.filled', filled.data)).toThrow(/order\.filled/);
  });
});
