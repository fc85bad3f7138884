import { createEvent } from '@opensqt/trading-events';
import { LabelBounds } from './label-bounds';

const priceOf = (symbol: string) => createEvent('price.updated', { symbol, price: '1' });
const tripOf = (scope: string) =>
  createEvent('circuit_breaker.tripped', { scope, reason: '-', value: 1, threshold: 1, cooldownMs: 0 });

describe('LabelBounds', () => {
  it('lets 500 values of a label through and refuses the next one, but none that it knows', () => {
    const bounds = new LabelBounds();
    for (let i = 0; i < 500; i++) expect(bounds.check(priceOf(`S${i}`))).toBeUndefined();
    expect(bounds.check(priceOf('S500'))?.reason).toBe('too_many_labels');
    expect(bounds.check(priceOf('S499'))).toBeUndefined();
  });

  it('counts a label’s values over all types that have it', () => {
    const bounds = new LabelBounds();
    for (let i = 0; i < 500; i++) bounds.check(priceOf(`S${i}`));
    const stopped = createEvent('symbol.stopped', { symbol: 'S500', reason: '-' });
    expect(bounds.check(stopped)?.reason).toBe('too_many_labels');
  });

  it('knows no symbols but the configured ones, as symbol or as scope, and the global scope', () => {
    const bounds = new LabelBounds(['BTCUSDT']);
    expect(bounds.check(priceOf('BTCUSDT'))).toBeUndefined();
    for (let i = 0; i < 2; i++) {
      expect(bounds.check(priceOf('DOGEUSDT'))?.reason).toBe('unknown_symbol');
      expect(bounds.check(tripOf('DOGEUSDT'))?.reason).toBe('unknown_symbol');
    }
    expect(bounds.check(tripOf('global'))).toBeUndefined();
  });
});
