import { createEvent } from '@opensqt/trading-events';
import { LabelBounds } from './label-bounds';

const priceOf = (symbol: string) => createEvent('price.updated', { symbol, price: '1' });
const tripOf = (scope: string) =>
  createEvent('circuit_breaker.tripped', { scope, reason: '-', value: 1, threshold: 1, cooldownMs: 0 });
const startOf = (symbol: string) =>
  createEvent('symbol.started', { symbol, exchange: 'x', strategy: 'grid' });
const panicOf = (symbol: string) =>
  createEvent('strategy.panicked', { symbol, strategy: 'grid', error: { name: 'Error', message: 'boom' } });

describe('LabelBounds', () => {
  it('lets 500 values of a label through and refuses the next one, but none that it knows', () => {
    const bounds = new LabelBounds();
    for (let i = 0; i < 500; i++) expect(bounds.check(priceOf(`S${i}`))).toBeUndefined();
    expect(bounds.check(priceOf('S500'))?.reason).toBe('too_many_labels');
    expect(bounds.check(priceOf('S499'))).toBeUndefined();
  });

  it('counts a label’s values over all types that have it', () => {
    const bounds = new LabelBounds();
    for (let i = 0; i < 250; i++) bounds.check(priceOf(`S${i}`));
    for (let i = 250; i < 500; i++) bounds.check(startOf(`S${i}`));
    expect(bounds.check(priceOf('S500'))?.reason).toBe('too_many_labels');
  });

  it.each([
    ['panic', panicOf('S500')],
    ['trip', tripOf('S500')],
    ['start', startOf('S500')],
  ])('lets every fact pass that is kept, such as a %s, and reports the first one', (_, event) => {
    const reported: string[] = [];
    const bounds = new LabelBounds(undefined, (message) => reported.push(message));
    for (let i = 0; i < 500; i++) bounds.check('symbol' in event.data ? priceOf(`S${i}`) : tripOf(`S${i}`));
    expect(bounds.check(event)).toBeUndefined();
    expect(bounds.check(event)).toBeUndefined();
    expect(reported).toEqual([expect.stringContaining('S500 would be label value number 501')]);
  });

  it('gives the place of a stopped symbol to the next', () => {
    const bounds = new LabelBounds();
    for (let i = 0; i < 2_000; i++) {
      expect(bounds.check(startOf(`S${i}`))).toBeUndefined();
      expect(bounds.check(priceOf(`S${i}`))).toBeUndefined();
      bounds.check(createEvent('symbol.stopped', { symbol: `S${i}`, reason: 'delisted' }));
    }
  });

  it('lets a symbol end that is not configured any more', () => {
    const bounds = new LabelBounds(['BTCUSDT']);
    const stopped = createEvent('symbol.stopped', { symbol: 'OLDUSDT', reason: 'not_configured' });
    expect(bounds.check(stopped)).toBeUndefined();
    expect(bounds.check(priceOf('OLDUSDT'))?.reason).toBe('unknown_symbol');
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
