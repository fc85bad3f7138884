import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication, LoggerService } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { type EventLog, MemoryEventLog } from '@opensqt/event-log';
import { type AnyEvent, type TradingEvent, createEvent } from '@opensqt/trading-events';
import { register } from 'prom-client';
import request from 'supertest';
import { ObservabilityModule } from '../observability.module';
import type { RootOptions } from '../options/options.module';
import { EVENT_LOG } from './event-log';
import { EventRecorder } from './event-recorder';

const subject = { symbol: 'BTCUSDT', strategy: 'grid' } as const;
const fill = {
  ...subject,
  orderId: '1',
  fillId: '1',
  side: 'buy',
  price: '100',
  quantity: '1',
  remaining: '0',
  fee: '0',
  feeAsset: 'USDT',
} as const;
const VOLUME = 'market_maker_volume_total{symbol="BTCUSDT"}';

const nothing = (): void => undefined;
const SILENT: LoggerService = { log: nothing, warn: nothing, error: nothing };

describe('what an application emits', () => {
  let folder: string;
  let app: INestApplication | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opensqt-boundary-'));
  });

  afterEach(async () => {
    await app?.close();
    app = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(options: RootOptions = {}, log?: EventLog): Promise<void> {
    await app?.close();
    register.clear();
    const testing = Test.createTestingModule({
      imports: [EventEmitterModule.forRoot(), ObservabilityModule.forRoot(options)],
    }).setLogger(SILENT);
    if (log !== undefined) testing.overrideProvider(EVENT_LOG).useValue(log);
    app = await (await testing.compile()).createNestApplication().init();
    await app.get(EventRecorder).ready();
  }

  function emit(...events: readonly object[]): void {
    for (const event of events) app?.get(EventEmitter2).emit((event as TradingEvent).type, event);
  }

  async function metrics(): Promise<readonly string[]> {
    const { text } = await request(app?.getHttpServer()).get('/metrics').expect(200);
    return text.split('\n');
  }

  async function stored(): Promise<readonly AnyEvent[]> {
    const log = app?.get<EventLog>(EVENT_LOG);
    await log?.flush();
    const found: AnyEvent[] = [];
    for await (const records of log?.read() ?? []) found.push(...records.map(({ event }) => event));
    return found;
  }

  const rejected = (reason: string, count = 1): string =>
    `market_maker_events_rejected_total{type="order.filled",reason="${reason}"} ${count}`;

  it('is what was emitted, whatever becomes of the object', async () => {
    await start();
    const { type, ...envelope } = createEvent('order.filled', fill);
    const pooled = { ...envelope, type, data: { ...fill } };
    emit(pooled);
    Object.assign(pooled.data, { quantity: '999', symbol: 'ETHUSDT' });
    expect(await metrics()).toContain(`${VOLUME} 1`);
    expect(await stored()).toEqual([{ ...envelope, type }]);
  });

  it('counts a fill once under whatever event id it comes, over a restart too', async () => {
    const options = { eventLog: { kind: 'sqlite', path: join(folder, 'events.db') } } as const;
    await start(options);
    emit(createEvent('order.filled', fill), createEvent('order.filled', fill));
    emit(createEvent('order.filled', { ...fill, fillId: '2' }));
    expect(await metrics()).toEqual(expect.arrayContaining([`${VOLUME} 2`, rejected('duplicate')]));
    await start(options);
    emit(createEvent('order.filled', fill), createEvent('order.filled', { ...fill, symbol: 'ETHUSDT' }));
    expect(await metrics()).toEqual(expect.arrayContaining([`${VOLUME} 2`, rejected('duplicate')]));
    expect(await stored()).toHaveLength(3);
  });

  it('is not shown when the log has no room for it, and counts once it is emitted again', async () => {
    const log = new MemoryEventLog({ maxQueued: 2 });
    await start({}, log);
    const events = ['1', '2', '3'].map((fillId) => createEvent('order.filled', { ...fill, fillId }));
    emit(...events);
    expect(await metrics()).toEqual(expect.arrayContaining([`${VOLUME} 2`, rejected('log_full')]));
    await stored();
    emit(...events.slice(2));
    expect(await metrics()).toContain(`${VOLUME} 3`);
    expect(await stored()).toHaveLength(3);
    await log.close();
  });

  it.each<[string, string, () => object]>([
    [
      'a lazy value that throws',
      'unreadable',
      () => Object.defineProperty({ ...fill }, 'price', { get: thrown }),
    ],
    ['a BigInt', 'not_decimal', () => ({ ...fill, quantity: 1n })],
    ['half of a surrogate pair', 'bad_label', () => ({ ...fill, symbol: 'X\ud800' })],
    ['a price in exponents', 'not_decimal', () => ({ ...fill, price: '1e-8' })],
  ])('is refused with %s: %s', async (_what, reason, data) => {
    await start();
    emit({ ...createEvent('order.filled', fill), data: data() });
    emit(createEvent('order.filled', data() as typeof fill));
    expect(await metrics()).toContain(rejected(reason, 2));
    expect(await stored()).toEqual([]);
  });

  it('keeps a negative price, and what an Error says', async () => {
    await start();
    const error = new RangeError('no price below zero');
    const panic = createEvent('strategy.panicked', { ...subject, error });
    emit(createEvent('order.filled', { ...fill, price: '-37.63' }), panic);
    expect(await metrics()).toContain(`${VOLUME} 1`);
    expect((await stored()).slice(0, 2).map(({ data }) => data)).toMatchObject([
      { price: '-37.63' },
      { error: { name: 'RangeError', message: error.message, stack: error.stack } },
    ]);
  });
});

function thrown(): never {
  throw new Error('detached');
}
