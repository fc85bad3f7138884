import { type MarketMakerOptions, resolveOptions } from './options';

const symbolsOf = (...symbols: readonly string[]): MarketMakerOptions => ({
  symbols: symbols.map((symbol) => ({ symbol })),
});
const refused = (options: MarketMakerOptions): string => {
  try {
    resolveOptions(options);
  } catch (error) {
    return String(error);
  }
  return 'accepted';
};

describe('symbols of several quote currencies', () => {
  const currencies = (found: string): string =>
    `${found}; allowed: symbols of one known quote currency, because max_exposure and max_drawdown add them up; name it in quote_asset of symbols whose name does not say it, or run one market maker per currency`;

  it.each([
    ['both known', ['BTCUSDT', 'ETHEUR'], 'ETHEUR, priced in EUR, beside BTCUSDT, priced in USDT'],
    ['both known, by their slashes', ['A/XY', 'A/YZ:YZ'], 'A/YZ:YZ, priced in YZ, beside A/XY, priced in XY'],
    [
      'the second unknown',
      ['BTCUSDT', 'ABCXYZ'],
      'ABCXYZ, priced in an unknown currency, beside BTCUSDT, priced in USDT',
    ],
    [
      'the first unknown',
      ['ABCXYZ', 'BTCUSDT'],
      'BTCUSDT, priced in USDT, beside ABCXYZ, priced in an unknown currency',
    ],
    [
      'both known, one by its suffix',
      ['BTCUSD', 'ETHPYUSD'],
      'ETHPYUSD, priced in PYUSD, beside BTCUSD, priced in USD',
    ],
    [
      'both unknown',
      ['ABCXYZ', 'ABCZYX'],
      'ABCZYX, priced in an unknown currency, beside ABCXYZ, priced in an unknown currency',
    ],
    [
      'both unknown, though they look alike',
      ['ABCXYZ', 'DEFXYZ'],
      'DEFXYZ, priced in an unknown currency, beside ABCXYZ, priced in an unknown currency',
    ],
  ])('are refused at the start, with both and the remedy: %s', (_, symbols, found) => {
    expect(refused(symbolsOf(...symbols))).toContain(currencies(`symbols[1].symbol: found ${found}`));
  });

  it.each([
    [
      'the first that differs',
      ['BTCJPY', 'ETHJPY', 'BTCKRW'],
      'symbols[2].symbol: found BTCKRW, priced in KRW',
    ],
    ['the recordings, where no symbols are named', [], 'symbols: found BTCKRW, priced in KRW, beside BTCJPY'],
  ])('are refused by naming %s', (_, symbols, found) => {
    const recording = ['BTCJPY', 'ETHJPY', 'BTCKRW'].map((symbol) => ({ symbol, path: 'a.csv' }));
    const named = symbols.length === 0 ? {} : symbolsOf(...symbols);
    expect(refused({ ...named, exchange: { source: 'recording' }, recording })).toContain(found);
  });

  it.each([
    [['ABCXYZ']],
    [['BTCUSDT', 'ETH/USDT', 'SOL/USDT:USDT']],
    [['ABC/XYZ', 'DEF/XYZ']],
    [['BTCPLN', 'ETHPLN']],
    [['BTC-USDT-SWAP', 'ETH-USDT-SWAP']],
    [['BTCUSD_PERP', 'ETHUSD_PERP']],
    [['BTCUSDT_250627', 'ETHUSDT']],
    [['BTCUSD', 'DOTUSD', 'SHIBUSD']],
  ])('are none: %j', (symbols) => {
    expect(refused(symbolsOf(...symbols))).toBe('accepted');
  });

  it('are none by what quote_asset says, whatever the names say', () => {
    const symbols = (one?: string, other?: string) => [
      { symbol: 'XBTUSDTM', ...(one !== undefined && { quoteAsset: one }) },
      { symbol: 'ETHUSDC', ...(other !== undefined && { quoteAsset: other }) },
    ];
    expect(refused({ symbols: symbols('USDC') })).toBe('accepted');
    expect(refused({ symbols: symbols('USDT', 'USDT') })).toBe('accepted');
    expect(refused({ symbols: symbols('USDT') })).toContain(
      currencies('symbols[1].symbol: found ETHUSDC, priced in USDC, beside XBTUSDTM, priced in USDT'),
    );
    expect(refused({ symbols: symbols('usdt') })).toContain(
      'symbols[0].quoteAsset: found "usdt"; allowed: an asset in capitals, such as USDT',
    );
  });
});

describe('an order size', () => {
  const sized = (
    rules: { readonly lotSize?: string; readonly minNotional?: string },
    orderNotional: string,
  ) => ({
    symbols: [{ symbol: 'BTCUSDT', startPrice: '50000', ...rules, strategy: { orderNotional, levels: 1 } }],
  });

  it.each([
    [
      'rounds to zero',
      sized({ lotSize: '0.001' }, '49'),
      /symbols\[0\]\.strategy: found orders of 0\.00097\d* BTCUSDT at a price of 50000; allowed: orders of at least one lot, 0\.001; raise the order's size \(order_notional\), or lower lot_size/,
    ],
    [
      'lies below the least price × quantity',
      sized({ lotSize: '0.0001', minNotional: '50' }, '49'),
      /found orders of 0\.00098\d* BTCUSDT at a price of 50000; allowed: orders of at least 0\.0011, by min_notional 50; raise the order's size \(order_notional\)/,
    ],
  ])('that %s is refused at the start, where the price is known', (_, options, sentence) => {
    expect(refused(options)).toMatch(sentence);
  });

  it.each([
    ['is a lot', sized({ lotSize: '0.001' }, '51')],
    ['is worth the least', sized({ lotSize: '0.0001', minNotional: '50' }, '56')],
    [
      'may be too small, where no price is known',
      {
        ...sized({ lotSize: '1' }, '1'),
        exchange: { source: 'recording' as const },
        recording: [{ symbol: 'BTCUSDT', path: 'a' }],
      },
    ],
  ])('that %s is accepted', (_, options) => {
    expect(refused(options)).toBe('accepted');
  });
});
