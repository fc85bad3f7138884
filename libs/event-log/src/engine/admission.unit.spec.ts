import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { admits } from './admission';
import { stops } from '../testing/sample-events';

const canceled = createEvent('order.canceled', {
  symbol: 'BTCUSDT',
  strategy: 'grid',
  orderId: '1',
  side: 'buy',
  reason: 'requote',
});
const [vital] = stops(1);

function many(event: TradingEvent | undefined, count: number): readonly TradingEvent[] {
  if (event === undefined) throw new Error('an event');
  return Array.from({ length: count }, () => event);
}

describe('admission to the queue', () => {
  it('takes everything up to four fifths of the queue', () => {
    expect(admits(0, 100, many(canceled, 80))).toBe(true);
    expect(admits(79, 100, many(canceled, 1))).toBe(true);
  });

  it('keeps the rest for what the venue can not be asked about again', () => {
    expect(admits(80, 100, many(canceled, 1))).toBe(false);
    expect(admits(80, 100, many(vital, 20))).toBe(true);
    expect(admits(80, 100, [canceled, ...many(vital, 1)])).toBe(true);
  });

  it('takes nothing beyond its capacity, and counts a lone checkpoint as one event', () => {
    expect(admits(99, 100, many(vital, 1))).toBe(true);
    expect(admits(99, 100, many(vital, 2))).toBe(false);
    expect(admits(99, 100, [])).toBe(true);
    expect(admits(100, 100, [])).toBe(false);
  });
});
