import { Decimal, plain } from '../market/money';
import { resumeFrom } from '../resume/resume.projection';
import { ofType, record } from '../testing/recorded-run';
import { feeInQuote } from './fees';

describe('a fee in quote currency', () => {
  const charged = (symbol: string, feeAsset: string, quoteAsset?: string) => {
    const fee = feeInQuote({ symbol, price: '100', fee: '2', feeAsset }, () => undefined, quoteAsset);
    return fee === undefined ? undefined : plain(fee);
  };

  it.each([
    ['is in the asset that the name says', 'BTC-USDT-SWAP', 'USDT', '2'],
    ['is in an unknown asset that the name ends with', 'ABCXYZ', 'XYZ', '2'],
    ['is in an asset that the name has, where it says no other', 'XBTUSDTM', 'USDT', '2'],
    ['is in the base asset', 'BTCUSD_PERP', 'BTC', '200'],
    ['is in an asset without a known price', 'PF_XBTUSD', 'XBT', undefined],
    ['is in an asset that the name does not have', 'BTC-PERPETUAL', 'USD', undefined],
  ])('that %s', (_, symbol, feeAsset, amount) => {
    expect(charged(symbol, feeAsset)).toBe(amount);
  });

  it('is counted in the asset that is configured', () => {
    expect(charged('BTC-PERPETUAL', 'USD', 'USD')).toBe('2');
  });
});

it('the quote asset that is configured is that of fees and limits, and of earlier fees after a restart', async () => {
  const { events, summary } = await record(
    { symbols: [{ symbol: 'XBTUSDTM', quoteAsset: 'USDT' }] },
    {},
    ({ type }, marketMaker) => {
      if (type === 'position.changed') void marketMaker.stop();
    },
  );
  const fills = ofType(events, 'order.filled');
  expect(fills.length).toBeGreaterThan(0);
  expect(new Set(fills.map(({ data }) => data.feeAsset))).toEqual(new Set(['USDT']));
  const assets = ofType(events, 'risk.sampled').map(({ data }) => data.quoteAsset);
  expect(new Set(assets)).toEqual(new Set(['USDT']));
  const resume = await resumeFrom(chunks());
  const fees = Decimal.sum(...fills.map(({ data }) => data.fee));
  expect(resume?.pnl.net).toBe(plain(new Decimal(summary.realizedPnl).minus(fees)));

  async function* chunks() {
    yield await Promise.resolve(events);
  }
});
