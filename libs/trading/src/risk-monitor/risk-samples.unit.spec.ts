import { feedOf, ofType, record, trade, unmeasured } from '../testing/recorded-run';

const START = 1_020_000;
const held = { symbol: 'AAA', strategy: 'grid', size: '1', entryPrice: '100' };
const resume = {
  ...{ openOrders: [], openBreakers: [], breachedLimits: [], panickedStrategies: [], lostStreams: [] },
  ...{ since: START - 1, positions: [held], lastPrices: { AAA: '100' }, ...unmeasured },
};

describe('the samples of risk', () => {
  it('state what each scope measures against its limits, exceeded or not, once while nothing changes', async () => {
    const prices = Array.from({ length: 41 }, (_, i) => (i < 20 ? 101 : 95));
    const trades = prices.map((price, i) => trade('AAA', START + i * 1_000, price, '0.001'));
    const risk = { maxPosition: '200', maxDrawdown: '50', maxVolatility: 1 };
    const { events } = await record({ symbols: [{ symbol: 'AAA' }], resume, risk }, { feed: feedOf(trades) });
    const samples = ofType(events, 'risk.sampled').map(({ data }) => data);
    const limits = (scope: string) =>
      samples.filter((sample) => sample.scope === scope).map((sample) => sample.limits);
    expect(limits('AAA').map(({ max_position }) => max_position)).toEqual([
      { value: '101', threshold: '200' },
      { value: '95', threshold: '200' },
    ]);
    expect(limits('global').map(({ max_drawdown }) => max_drawdown)).toEqual([
      { value: '0', threshold: '50' },
      { value: '6', threshold: '50' },
    ]);
    expect(limits('AAA')[0]).toMatchObject({
      max_consecutive_losses: { value: 0 },
      market_data_age: { value: 0 },
    });
    expect(limits('AAA').map(({ max_volatility }) => max_volatility)).toEqual([
      { value: '0', threshold: '1' },
      { value: '0.0594059405941', threshold: '1' },
    ]);
  });
});
