import type { TradingEvent } from '@opensqt/trading-events';
import { resumeFrom } from '../resume/resume.projection';
import { feedOf, ofType, record, swinging, trade } from '../testing/recorded-run';

const START = 1_000_000;
const falling = (symbol: string, from: number) =>
  Array.from({ length: 40 }, (_, i) => trade(symbol, from + i * 1000, 100 - 0.2 * i, '50'));
const falls = (symbol: string) => [...swinging([symbol], 300), ...falling(symbol, START + 301_000)];

async function* inOneChunk(events: readonly TradingEvent[]): AsyncGenerator<readonly TradingEvent[]> {
  yield await Promise.resolve(events);
}
const risk = { cooldown: 600_000, maxVolatility: 0.05 };

describe('the event of a trip', () => {
  it('carries what is held, what it earned, and what is done', async () => {
    const { events } = await record(
      { symbols: [{ symbol: 'AAAUSDT' }], risk },
      { feed: feedOf(falls('AAAUSDT')) },
    );
    const at = events.findIndex(({ type }) => type === 'circuit_breaker.tripped');
    const [trip] = ofType(events.slice(at), 'circuit_breaker.tripped');
    const before = events.slice(0, at);
    const position = ofType(before, 'position.changed').at(-1)?.data;
    const marked = ofType(before, 'position.marked').at(-1)?.data;
    expect(position?.size).not.toBe('0');
    expect(trip?.data).toMatchObject({
      scope: 'AAAUSDT',
      position: position?.size,
      unrealizedPnl: marked?.unrealizedPnl,
      quoteAsset: 'USDT',
      positionsKept: true,
    });
    const earned = ofType(before, 'position.changed').map(({ data }) => Number(data.realizedPnl));
    expect(Number(trip?.data.realizedPnl)).toBeCloseTo(
      earned.reduce((sum, each) => sum + each, 0),
      12,
    );
    const canceled = ofType(events, 'order.canceled').filter(({ causationId }) => causationId === trip?.id);
    expect(canceled.length).toBeGreaterThan(0);
    expect(trip?.data.ordersCanceled).toBe(canceled.length);
  });

  it('of all symbols sums them up, and has no position', async () => {
    const feed = feedOf(
      swinging(['AAAUSDT', 'BBBUSDT'], 300).concat(
        falling('AAAUSDT', START + 301_000),
        falling('BBBUSDT', START + 342_000),
      ),
    );
    const symbols = [{ symbol: 'AAAUSDT' }, { symbol: 'BBBUSDT' }];
    const { events } = await record({ symbols, risk: { maxDrawdown: '10' } }, { feed });
    const trip = ofType(events, 'circuit_breaker.tripped').find(({ data }) => data.scope === 'global');
    expect(trip?.data).toMatchObject({ reason: 'max_drawdown', positionsKept: true });
    expect(trip?.data).not.toHaveProperty('position');
    expect(trip?.data.quoteAsset).toBe('USDT');
    expect(Number(trip?.data.notional)).toBeGreaterThan(0);
    expect(Number(trip?.data.unrealizedPnl) + Number(trip?.data.realizedPnl)).toBeLessThan(0);
  });
});

describe('a breaker that an operator resets', () => {
  const symbols = [{ symbol: 'AAAUSDT' }];
  const halted = { cooldown: '1d', maxVolatility: 0.05 };
  const by = { by: 'eve', reason: 'the venue had a bad print' };
  const feed = () => feedOf([...falls('AAAUSDT'), ...swinging(['AAAUSDT'], 1200, START + 345_000)]);
  const resetAt = START + 400_000;
  const endAt = START + 1_200_000;

  /** A run whose breaker is reset after a while, or not. */
  const run = (reset: boolean) =>
    record({ symbols, risk: halted }, { feed: feed() }, (event, marketMaker) => {
      if (event.occurredAt > endAt) void marketMaker.stop();
      if (event.type !== 'price.updated' || event.occurredAt < resetAt || !reset) return;
      if (marketMaker.trippedBreakers.length === 0) return;
      expect(marketMaker.trippedBreakers).toEqual(['AAAUSDT']);
      expect(marketMaker.resetBreaker('BBBUSDT', by)).toBe(false);
      expect(marketMaker.resetBreaker('AAAUSDT', by)).toBe(true);
      expect(marketMaker.resetBreaker('AAAUSDT', by)).toBe(false);
    });

  it('is recorded with who and why, keeps the position, and quotes again', async () => {
    const { events } = await run(true);
    const at = events.findIndex(({ type }) => type === 'circuit_breaker.reset');
    expect(events[at]?.data).toEqual({ scope: 'AAAUSDT', ...by });
    const [trip] = ofType(events, 'circuit_breaker.tripped');
    const held = ofType(events.slice(0, at), 'position.changed').at(-1)?.data.size;
    expect(held).toBe(trip?.data.position);
    expect(ofType(events.slice(at), 'order.placed').length).toBeGreaterThan(0);
    expect(ofType((await run(false)).events, 'circuit_breaker.reset')).toEqual([]);
  });

  it.each([true, false])('and reset is %j, is so after a restart', async (reset) => {
    const { events } = await run(reset);
    const resume = await resumeFrom(inOneChunk(events));
    expect(resume?.openBreakers.length).toBe(reset ? 0 : 1);
    const since = resume?.since ?? 0;
    const again = await record(
      { symbols, risk: halted, resume },
      { feed: feedOf(swinging(['AAAUSDT'], 300, since + 1_000)) },
      ({ occurredAt }, marketMaker) => {
        if (occurredAt > since + 200_000) void marketMaker.stop();
      },
    );
    expect(ofType(again.events, 'order.placed').length > 0).toBe(reset);
    expect(ofType(again.events, 'circuit_breaker.tripped')).toEqual([]);
  });
});

describe('the measures of limits and breakers', () => {
  it('are plain decimal strings, however small', async () => {
    const limits = { maxVolatility: 1e-7, maxVolumeRatio: 1e-7, maxExchangeLatencyMs: 1e-7, volumeBars: 1 };
    const { events } = await record(
      { symbols: [{ symbol: 'AAAUSDT' }], risk: limits },
      { feed: feedOf(swinging(['AAAUSDT'], 300)) },
    );
    const measured = [...ofType(events, 'risk.limit_breached'), ...ofType(events, 'circuit_breaker.tripped')];
    const names = measured.map(({ data }) => ('limit' in data ? data.limit : data.reason));
    expect(new Set(names)).toEqual(
      new Set(['max_volatility', 'max_volume_ratio', 'max_exchange_latency_ms']),
    );
    for (const { data } of measured) {
      expect(data.threshold).toBe('0.0000001');
      expect(data.value).toMatch(/^\d+(\.\d+)?$/);
    }
  });
});
