import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventLog } from '@opensqt/event-log';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import fc from 'fast-check';
import { ProjectedState } from '../../projections/projection';
import { metricsProjection } from './metrics.projection';

const symbol = fc.constantFrom('BTCUSDT', 'ETHUSDT', 'SOL/USDT:ü');
const strategy = fc.constantFrom('grid', 'other');
const side = fc.constantFrom('buy' as const, 'sell' as const);
const orderId = fc.nat(300).map(String);
const decimal = fc
  .tuple(fc.constantFrom('', '-'), fc.bigInt(0n, 10n ** 30n), fc.stringMatching(/^(\.\d{1,20})?$/))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction}`);
const amount = decimal.map((text) => text.replace('-', ''));
const order = { symbol, strategy, orderId, side };

/** Events of the types that come in masses and of some that do not. */
const event: fc.Arbitrary<TradingEvent> = fc.oneof(
  fc
    .record(
      {
        ...order,
        clientOrderId: fc.uuid(),
        orderType: fc.constantFrom('limit' as const, 'market' as const, 'post_only' as const),
        price: amount,
        quantity: amount,
        tickToTradeMs: fc.double({ min: 0, max: 2_000, noNaN: true }),
      },
      { requiredKeys: ['symbol', 'strategy', 'orderId', 'side', 'clientOrderId', 'orderType', 'quantity'] },
    )
    .map((data) => createEvent('order.placed', data as never)),
  fc
    .record({
      ...order,
      fillId: fc.uuid(),
      price: amount,
      quantity: amount,
      remaining: fc.oneof(amount, fc.constant('0.000')),
      fee: decimal,
      feeAsset: fc.constant('USDT'),
    })
    .map((data) => createEvent('order.filled', data)),
  fc.record({ ...order, reason: fc.string() }).map((data) => createEvent('order.canceled', data)),
  fc
    .record({
      symbol,
      strategy,
      size: decimal,
      entryPrice: amount,
      realizedPnl: decimal,
      unrealizedPnl: decimal,
    })
    .map((data) => createEvent('position.changed', data)),
  fc
    .record({ symbol, strategy, error: fc.record({ name: fc.string(), message: fc.string() }) })
    .map((data) => createEvent('strategy.panicked', data)),
  fc
    .record({
      exchange: fc.constant('paper'),
      stream: fc.constantFrom('market' as const, 'orders' as const),
      reason: fc.string(),
      reconnecting: fc.boolean(),
    })
    .map((data) => createEvent('exchange.disconnected', data)),
);

describe('replaying the metrics', () => {
  it('gives the same state from typed columns as from JSON, for any events', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'opensqt-replay-'));
    let run = 0;
    const events = fc.array(event, { minLength: 2_100, maxLength: 4_500, size: 'max' });
    await fc.assert(
      fc.asyncProperty(events, async (some) => {
        const path = join(folder, `${(run += 1)}.db`);
        const writer = await openSqliteEventLog({ path });
        await writer.append(some);
        await writer.close();
        const log = await openSqliteEventLog({ path, readOnly: true });
        const [typed, json] = [ProjectedState.of(metricsProjection), ProjectedState.of(metricsProjection)];
        for await (const { facts } of log.readFacts()) for (const fact of facts) typed.apply(fact);
        for await (const records of log.read()) for (const record of records) json.apply(record.event);
        await log.close();
        expect(typed.current).toEqual(json.current);
        expect(json.current.symbols.size).toBeGreaterThan(0);
      }),
      { numRuns: 6 },
    );
    await rm(folder, { recursive: true });
  });
});
