import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { INestApplication } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { headOfSqliteLog, quarantineSqliteLog, verifySqliteLog } from '@opensqt/event-log';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import request from 'supertest';
import { AlertService } from './alerts/runtime/alert.service';
import { EventRecorder } from './ingest/event-recorder';
import { ObservabilityModule } from './observability.module';

const subject = { symbol: 'BTCUSDT', strategy: 'grid' } as const;

const fill = (fillId: string, quantity: string): TradingEvent =>
  createEvent('order.filled', {
    ...{ ...subject, orderId: fillId, side: 'buy', fillId, price: '100', quantity },
    ...{ remaining: '0', fee: '0', feeAsset: 'USDT' },
  });

describe('an application on a log with an event that can not be read', () => {
  let folder: string;
  let path: string;
  let app: INestApplication | undefined;
  /** The second of three fills. */
  let damaged: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opensqt-quarantined-'));
    path = join(folder, 'events.db');
    await start();
    emit(createEvent('symbol.started', { ...subject, exchange: 'paper' }));
    emit(fill('1', '0.1'), fill('2', '0.2'), fill('3', '0.4'));
    await stop();
    const database = new DatabaseSync(path);
    const second = 'SELECT position FROM events WHERE data LIKE \'%"fillId":"2"%\'';
    damaged = Number(database.prepare(second).get()?.['position']);
    database.close();
  });

  afterEach(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    register.clear();
    const options = { eventLog: { kind: 'sqlite', path } as const };
    const imports = [EventEmitterModule.forRoot(), ObservabilityModule.forRoot(options)];
    const testing = await Test.createTestingModule({ imports }).compile();
    app = await testing.createNestApplication({ logger: false }).init();
    await app.get(EventRecorder).ready();
  }

  async function stop(): Promise<void> {
    await app?.close();
    app = undefined;
  }

  function emit(...events: readonly TradingEvent[]): void {
    for (const event of events) app?.get(EventEmitter2).emit(event.type, event);
  }

  const volume = async (): Promise<string | undefined> => {
    const { text } = await request(app?.getHttpServer()).get('/metrics').expect(200);
    return /^market_maker_volume_total\{symbol="BTCUSDT"\} (.*)$/m.exec(text)?.[1];
  };

  /** Breaks the JSON of the event in the file itself. */
  async function damage(): Promise<void> {
    const bytes = await readFile(path);
    bytes.write('[', bytes.indexOf('{"symbol":"BTCUSDT","strategy":"grid","orderId":"2"'));
    await writeFile(path, bytes);
  }

  function withoutSnapshots(): void {
    const database = new DatabaseSync(path);
    database.exec('DELETE FROM snapshots');
    database.close();
  }

  it('shows no metrics until it is set aside, and then those of all others, after each restart', async () => {
    await damage();
    withoutSnapshots();
    const head = headOfSqliteLog(path);
    await expect(start()).rejects.toThrow(`the event at position ${damaged} is broken, its data is not JSON`);
    await request(app?.getHttpServer()).get('/metrics').expect(503);
    await stop();

    expect(await quarantineSqliteLog(path)).toMatchObject([{ position: damaged, eventType: 'order.filled' }]);
    await start();
    expect(await volume()).toBe('0.5');
    emit(createEvent('price.updated', { symbol: 'BTCUSDT', price: '100' }));
    await request(app?.getHttpServer())
      .get('/health')
      .expect(200, /"trading"/);
    emit(fill('4', '1'));
    expect(await volume()).toBe('1.5');
    emit(
      createEvent('circuit_breaker.tripped', {
        ...{ scope: 'global', reason: 'max_drawdown', value: '1', threshold: '1', cooldownMs: 1_000 },
      }),
    );
    await eventually(() => expect(app?.get(AlertService).active()).toHaveLength(1));
    await stop();
    await start();
    expect(await volume()).toBe('1.5');
    expect(app?.get(AlertService).active()).toMatchObject([{ condition: 'circuit_breaker_trip' }]);
    await stop();
    expect(await verifySqliteLog(path, { against: head })).toMatchObject({ ok: true });
  });

  it('goes on from a snapshot that has it', async () => {
    await damage();
    await expect(start()).rejects.toThrow(`the event at position ${damaged} is broken`);
    await stop();
    expect(await quarantineSqliteLog(path)).toHaveLength(1);
    await start();
    expect(await volume()).toBe('0.7');
  });
});
