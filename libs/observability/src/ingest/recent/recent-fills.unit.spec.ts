import type { OrderFilled } from '@opensqt/trading-events';
import { encodedState } from '../../projections/state-text';
import { recentFillsProjection, rememberFill } from './recent-fills.projection';

const template: Omit<OrderFilled, 'fillId'> = {
  ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: '1', side: 'buy' as const },
  ...{ price: '1', quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' },
};
const fill = (fillId: string, given: Partial<OrderFilled> = {}): OrderFilled => ({
  ...template,
  fillId,
  ...given,
});

describe('the fills that were recorded last', () => {
  it('are told apart by symbol, order and fill', () => {
    const fills = recentFillsProjection.initial();
    const different = [
      fill('1'),
      fill('2'),
      fill('1', { orderId: '2' }),
      fill('1', { symbol: 'ETHUSDT' }),
      fill('', { orderId: '11' }),
    ];
    expect(different.map((each) => rememberFill(fills, each))).toEqual(different.map(() => true));
    expect(different.map((each) => rememberFill(fills, each))).toEqual(different.map(() => false));
  });

  it('are 10,000 at least and 20,000 at most, none of which is taken for another, also when they were read back', () => {
    let fills = recentFillsProjection.initial();
    let mistaken = 0;
    for (let n = 0; n < 35_000; n++) {
      if (!rememberFill(fills, fill(String(n)))) mistaken += 1;
      if (n % 7_000 > 0) continue;
      const text = encodedState(recentFillsProjection, fills);
      fills = recentFillsProjection.decode(JSON.parse(text) as Record<string, unknown>);
    }
    expect(mistaken).toBe(0);
    expect(fills.young.size + fills.old.size).toBe(15_000);
    const last = Array.from({ length: 10_000 }, (_, n) => fill(String(25_000 + n)));
    expect(last.filter((each) => rememberFill(fills, each))).toEqual([]);
    expect(rememberFill(fills, fill('0'))).toBe(true);
  });
});
