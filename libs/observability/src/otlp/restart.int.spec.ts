import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { type ProviderServer, startProviderServer } from '../channels/testing/provider-server';
import { ObservedProcess } from '../testing/observed-process';
import { type ReceivedMetrics, receivedMetrics } from './testing/received-metrics';

const order = { symbol: 'BTCUSDT', strategy: 'grid', side: 'buy' } as const;
const amounts = { price: '100', quantity: '0.25', remaining: '0', fee: '0', feeAsset: 'USDT' };
const traded = (fillId: string): readonly TradingEvent[] => [
  createEvent('order.filled', { ...order, ...amounts, orderId: fillId, fillId }),
  createEvent('exchange.call_completed', {
    ...{ exchange: 'paper', operation: 'place', durationMs: 12, outcome: 'ok' },
  }),
];
const LOGGED = 'market_maker_orders_filled_total[["side","buy"],["symbol","BTCUSDT"]]';
const LIVE = 'market_maker_exchange_calls_total[["exchange","paper"],["outcome","ok"]]';
const OF_THE_PROCESS = 'market_maker_event_log_refused_total[]';

describe('Exported counters', () => {
  let folder: string;
  let collector: ProviderServer;
  let observed: ObservedProcess | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opensqt-otlp-'));
    collector = await startProviderServer();
  });

  afterEach(async () => {
    await observed?.end('SIGKILL');
    await collector.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts the process, and resolves with the first export that has this many fills and calls, one of each being new. */
  async function run(fills: number, calls: number): Promise<ReceivedMetrics> {
    const eventLog = { kind: 'sqlite', path: join(folder, 'events.db') } as const;
    const telemetry = { otlp: { endpoint: collector.url, interval: '100ms' } };
    observed = await ObservedProcess.start({ eventLog, telemetry });
    observed.emit(...traded(String(fills)));
    const last = (): ReceivedMetrics | undefined => collector.requests.slice(-1).map(receivedMetrics)[0];
    const counts = () => [LOGGED, LIVE].map((key) => last()?.series.get(key)?.value);
    await eventually(() => counts().join() === [fills, calls].join(), {
      what: 'both counts',
      showing: counts,
    });
    return last() as ReceivedMetrics;
  }

  it('go on after a kill where the log does, and begin anew where it does not, as their starts say', async () => {
    const first = await run(1, 1);
    await observed?.end('SIGKILL');
    const second = await run(2, 1);
    const start = (metrics: ReceivedMetrics, key: string) => metrics.series.get(key)?.start ?? NaN;

    expect(start(second, LOGGED)).toBe(start(first, LOGGED));
    expect(start(second, LIVE)).toBeGreaterThan(first.series.get(LIVE)?.time ?? NaN);
    expect(start(second, OF_THE_PROCESS)).toBeGreaterThan(start(first, OF_THE_PROCESS));

    await observed?.end('SIGTERM');
    const third = await run(3, 2);
    expect(start(third, LOGGED)).toBe(start(first, LOGGED));
    expect(start(third, LIVE)).toBe(start(second, LIVE));
    expect(start(third, OF_THE_PROCESS)).toBeGreaterThan(start(second, OF_THE_PROCESS));
  });
});
