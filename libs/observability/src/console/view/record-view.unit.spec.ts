import { createEvent } from '@opensqt/trading-events';
import { recordWords } from './record-view';

describe('a record in one line', () => {
  it('has words for what is within a field, too', () => {
    const limits = { max_exposure: { value: '546.2', threshold: '60000' } };
    const sampled = createEvent('risk.sampled', { scope: 'global', limits, quoteAsset: 'USDT' });
    expect(recordWords(sampled)).toBe(
      'all symbols, limits (max exposure (value 546.2, threshold 60000)), quote asset USDT',
    );
  });
});
