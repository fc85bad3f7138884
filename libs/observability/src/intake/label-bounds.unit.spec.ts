import { createEvent } from '@opensqt/trading-events';
import { LabelBounds } from './label-bounds';

const priceOf = (symbol: string) => createEvent('price.updated', { symbol, price: '1' });
const breach = (scope: string) => createEvent('circuit_breaker.reset', { scope, by: 'operator' });

describe('the bounds of labels', () => {
  it('admit configured symbols and the global scope, and refuse others by name', () => {
    const bounds = new LabelBounds(['BTCUSDT']);
    expect(bounds.check(priceOf('BTCUSDT'))).toBeUndefined();
    expect(bounds.check(breach('global'))).toBeUndefined();
    expect(bounds.check(breach('DOGEUSDT'))?.reason).toBe('unknown_symbol');
    expect(bounds.check(priceOf('DOGEUSDT'))).toMatchObject({
      reason: 'unknown_symbol',
      message: expect.stringContaining('symbol DOGEUSDT is not a configured symbol (BTCUSDT)'),
    });
  });

  it('admit 500 values where nothing is configured, and those for ever', () => {
    const bounds = new LabelBounds();
    for (let i = 0; i < 500; i++) expect(bounds.check(priceOf(`S${i}`))).toBeUndefined();
    expect(bounds.check(priceOf('S500'))?.reason).toBe('too_many_labels');
    expect(bounds.check(priceOf('S0'))).toBeUndefined();
  });
});
