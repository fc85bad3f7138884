import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { ObservedProcess } from './testing/observed-process';

const subject = { symbol: 'BTCUSDT', strategy: 'grid' } as const;
const call = { exchange: 'paper', operation: 'place_order', durationMs: 12, outcome: 'ok' } as const;
const venue = { remaining: '0', fee: '0', feeAsset: 'USDT' } as const;

const bought = (fillId: string): readonly TradingEvent[] => [
  createEvent('order.filled', {
    ...{ ...subject, ...venue, orderId: fillId, fillId, side: 'buy', price: '100', quantity: '0.25' },
  }),
  createEvent('position.changed', {
    ...{ ...subject, size: '0.25', entryPrice: '100', realizedPnl: '0', unrealizedPnl: '1' },
  }),
];
const live = (): readonly TradingEvent[] => [
  createEvent('position.marked', { ...subject, markPrice: '108', unrealizedPnl: '2' }),
  createEvent('price.updated', { symbol: 'BTCUSDT', price: '108' }),
  createEvent('exchange.call_completed', call),
];
const CALLS = 'market_maker_latency_exchange_ms_count{exchange="paper",operation="place_order"}';
const UNREALIZED = 'market_maker_pnl_unrealized{symbol="BTCUSDT",strategy="grid"}';
const VOLUME = 'market_maker_volume_total{symbol="BTCUSDT"}';
const PRICE_AGE = 'market_maker_event_age_seconds{type="price.updated"}';

describe('what follows from live events, in a process on a log on disk', () => {
  let folder: string;
  let observed: ObservedProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opensqt-live-state-'));
  });

  afterEach(async () => {
    await observed?.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<ObservedProcess> {
    const eventLog = { kind: 'sqlite', path: join(folder, 'events.db'), snapshotInterval: 100 } as const;
    return (observed = await ObservedProcess.start({ eventLog }));
  }

  /** The values of the series that are shown. */
  async function shown(): Promise<ReadonlyMap<string, number>> {
    const text = String((await observed?.request('/metrics'))?.body);
    const lines = text.split('\n').filter((line) => line.startsWith('market_maker_'));
    return new Map(
      lines.map((line) => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))];
      }),
    );
  }

  /** Resolves once everything that was emitted is on disk and shown, with a value of its own. */
  async function committed(position: number, calls: number): Promise<void> {
    await eventually(async () => {
      const series = await shown();
      expect([series.get('market_maker_event_log_position'), series.get(CALLS)]).toEqual([position, calls]);
    });
  }

  async function exchange(): Promise<unknown> {
    const health = (await observed?.request('/health'))?.body as { details?: Record<string, unknown> };
    return health.details?.['exchange_paper'];
  }

  it('goes on after an orderly stop, and begins at zero after a kill, beside logged facts that are exact', async () => {
    const first = await start();
    first.emit(createEvent('symbol.started', { ...subject, exchange: 'paper' }), ...bought('1'), ...live());
    await committed(3, 1);
    await first.end('SIGTERM');

    const second = await start();
    let series = await shown();
    expect(series.get(CALLS)).toBe(1);
    expect(series.get(UNREALIZED)).toBe(2);
    expect(series.get(VOLUME)).toBe(0.25);
    expect(series.has(PRICE_AGE)).toBe(true);
    expect(await exchange()).toMatchObject({
      ...{ status: 'down', reason: 'no price of BTCUSDT was received since the start' },
    });

    second.emit(...bought('2'), ...live());
    await committed(5, 2);
    expect(await exchange()).toMatchObject({ status: 'up', reason: 'connected and fresh' });
    await second.end('SIGKILL');

    await start();
    series = await shown();
    expect(series.get(VOLUME)).toBe(0.5);
    expect(series.get('market_maker_position_size{symbol="BTCUSDT"}')).toBe(0.25);
    for (const unknown of [CALLS, UNREALIZED, PRICE_AGE]) expect(series.has(unknown)).toBe(false);
    expect(await exchange()).toMatchObject({ status: 'down', starting: true });
  });

  it('begins at zero after a kill also where nothing was committed since an orderly stop', async () => {
    const first = await start();
    first.emit(...bought('1'), ...live());
    await committed(2, 1);
    await first.end('SIGTERM');
    await (await start()).end('SIGKILL');
    await start();
    const series = await shown();
    expect(series.get(VOLUME)).toBe(0.25);
    expect(series.has(CALLS)).toBe(false);
  });
});
