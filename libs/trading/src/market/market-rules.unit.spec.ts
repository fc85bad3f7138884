import { quoteAssetOf } from './market-rules';

describe('the quote asset that a name says', () => {
  it.each([
    ['BTCUSDT', 'USDT'],
    ['btcinr', 'INR'],
    ['BTC/XYZ', 'XYZ'],
    ['ETH/USDT:USDT', 'USDT'],
    ['BTC-USDT-SWAP', 'USDT'],
    ['SOL-TUSD', 'TUSD'],
    ['BTCUSD_PERP', 'USD'],
    ['BTCUSDT_250627', 'USDT'],
    ['PF_XBTUSD', 'USD'],
    ['BINANCE:ETHBTC', 'BTC'],
    ['ETHPYUSD', 'PYUSD'],
    ['DOTUSD', 'USD'],
    ['SHIBUSD', 'USD'],
    ['USDTUSD', 'USD'],
    ['BTCTUSD', 'TUSD'],
    ['BTC-PERPETUAL', undefined],
    ['XBTUSDTM', undefined],
    ['USDT', undefined],
  ])('of %s is %s', (symbol, asset) => {
    expect(quoteAssetOf(symbol)).toBe(asset);
  });
});
