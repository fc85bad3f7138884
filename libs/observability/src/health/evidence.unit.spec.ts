import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { Evidence } from './evidence';
import { MINUTE, START, facts } from './testing/health-events';

const price = (occurredAt: number) =>
  createEvent('price.updated', { symbol: 'BTCUSDT', price: '1' }, { occurredAt });
const mark = (occurredAt: number) =>
  createEvent(
    'position.marked',
    { symbol: 'BTCUSDT', strategy: 'grid', markPrice: '1', unrealizedPnl: '0' },
    { occurredAt },
  );
const fill = (occurredAt: number) =>
  createEvent(
    'order.filled',
    {
      ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: '1', fillId: '1', side: 'buy', price: '1' },
      ...{ quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' },
    },
    { occurredAt },
  );

describe('the evidence of a market', () => {
  let now: number;
  let tick: number;
  let evidence: Evidence;

  beforeEach(() => {
    [now, tick] = [START, 0];
    evidence = new Evidence({ now: () => now }, () => tick, MINUTE);
  });

  const ageAfter = (...events: readonly AnyEvent[]): number | undefined => {
    for (const event of events) evidence.onEvent(event);
    return evidence.now().ageOf('BTCUSDT');
  };

  it.each<[string, AnyEvent, number | undefined]>([
    ['a price', price(START), 0],
    ['a mark', mark(START), 0],
    ['a trade of ours', fill(START), 0],
    ['a price that is a minute late', price(START - MINUTE), 0],
    ['a price that is later than that', price(START - MINUTE - 1), undefined],
    ['a price that is a minute ahead', price(START + MINUTE), 0],
    ['a price that is further ahead', price(START + MINUTE + 1), undefined],
    ['a price in seconds', price(START / 1_000), undefined],
    ['the start of a symbol', facts.started('BTCUSDT'), undefined],
    ['an order', facts.placed('BTCUSDT'), undefined],
    ['another symbol’s price', createEvent('price.updated', { symbol: 'ETHUSDT', price: '1' }), undefined],
  ])('by %s', (_, event, age) => {
    expect(ageAfter(event)).toBe(age);
  });

  it('ages on the clock of receipt, whatever events say', () => {
    evidence.onEvent(price(START + 30_000));
    now += 10_000;
    expect(ageAfter()).toBe(10_000);
    expect(ageAfter(price(START - MINUTE))).toBe(10_000);
    expect(ageAfter(price(START - 40_000))).toBe(0);
  });

  it('ages in real time while the clock stands still, or is set back', () => {
    evidence.onEvent(price(START));
    tick += 7_000;
    expect(ageAfter()).toBe(7_000);
    now -= 3_600_000;
    expect(ageAfter()).toBe(7_000);
  });

  it('is young for as long as a symbol may be silent after the first event', () => {
    tick = 10 * MINUTE;
    expect(evidence.now().isStarting).toBe(false);
    evidence.onEvent(facts.started('BTCUSDT'));
    expect(evidence.now().isStarting).toBe(true);
    tick += MINUTE + 1;
    expect(evidence.now().isStarting).toBe(false);
  });
});
