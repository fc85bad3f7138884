import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { INestApplication, LoggerService } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { type EventLog, type Snapshot, openSqliteEventLog, snapshotChecksum } from '@opensqt/event-log';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import request from 'supertest';
import { AlertService } from './alerts/runtime/alert.service';
import { CommittedProjections } from './projections/committed-projections';
import { healthProjection } from './health/health.projection';
import { EVENT_LOG } from './ingest/event-log';
import { EventRecorder } from './ingest/event-recorder';
import { ObservabilityModule } from './observability.module';

const subject = { symbol: 'BTCUSDT', strategy: 'grid' } as const;

function fill(fillId: string, quantity: string): TradingEvent {
  const venue = { fillId, price: '100', quantity, remaining: '0', fee: '0', feeAsset: 'USDT' };
  return createEvent('order.filled', { ...subject, orderId: fillId, side: 'buy', ...venue });
}

function call(durationMs: number): TradingEvent {
  return createEvent('exchange.call_completed', {
    exchange: 'paper',
    operation: 'place_order',
    durationMs,
    outcome: 'ok',
  });
}

/** The memory of the rules is read when the process begins to decide, and was kept at the position that decisions had reached. */
const RULES_SNAPSHOT = 'The rule_memories snapshot';

class KeptLines implements LoggerService {
  readonly lines: string[] = [];
  log = (line: unknown): void => void this.lines.push(String(line));
  warn = this.log;
  error = this.log;
}

describe('an application that is started again on its log', () => {
  let folder: string;
  let path: string;
  let app: INestApplication | undefined;
  let said: KeptLines;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opensqt-restart-'));
    path = join(folder, 'events.db');
  });

  afterEach(async () => {
    await app?.close();
    app = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<INestApplication> {
    register.clear();
    said = new KeptLines();
    const options = { eventLog: { kind: 'sqlite', path } as const };
    const testing = await Test.createTestingModule({
      imports: [EventEmitterModule.forRoot(), ObservabilityModule.forRoot(options)],
    })
      .setLogger(said)
      .compile();
    app = await testing.createNestApplication({ logger: said }).init();
    await app.get(EventRecorder).ready();
    return app;
  }

  function emit(...events: readonly TradingEvent[]): void {
    for (const event of events) app?.get(EventEmitter2).emit(event.type, event);
  }

  async function stop(): Promise<void> {
    await app?.close();
    app = undefined;
  }

  async function metrics(): Promise<string> {
    const { text } = await request(app?.getHttpServer()).get('/metrics').expect(200);
    return text
      .split('\n')
      .filter((line) => /^market_maker_(orders|volume|latency_exchange|position|alerts|circuit)/.test(line))
      .join('\n');
  }

  function inFile(sql: string): void {
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
  }

  /** Three runs, so that there are two snapshots of each projection, at two positions. */
  async function threeRuns(): Promise<string> {
    let text = '';
    for (const id of ['1', '2', '3']) {
      await start();
      emit(fill(id, '0.1'));
      text = await metrics();
      await stop();
    }
    return text;
  }

  it('has after a stop what it had before, live events included, and reads none of the log for it', async () => {
    await start();
    emit(
      createEvent('symbol.started', { ...subject, exchange: 'paper' }),
      fill('1', '0.25'),
      call(12),
      call(700),
    );
    emit(
      createEvent('circuit_breaker.tripped', {
        scope: 'global',
        reason: 'max_drawdown',
        value: '1',
        threshold: '1',
        cooldownMs: 1_000,
      }),
    );
    const alerts = app?.get(AlertService);
    await eventually(() => expect(alerts?.active()).toHaveLength(1));
    await stop();

    await start();
    expect(said.lines).toContainEqual(
      expect.stringMatching(/^Restored from the snapshot at position \d+ and 0 events/),
    );
    const after = await metrics();
    expect(after).toContain(
      'market_maker_latency_exchange_ms_count{exchange="paper",operation="place_order"} 2',
    );
    expect(after).toContain('market_maker_volume_total{symbol="BTCUSDT"} 0.25');
    expect(after).toContain('market_maker_circuit_breaker_open{scope="global"} 1');
    expect(app?.get(AlertService).active()).toMatchObject([{ condition: 'circuit_breaker_trip' }]);
  });

  it('goes on from the last snapshot and what was committed after it, as after a kill', async () => {
    await start();
    emit(fill('1', '0.1'), call(5));
    await app?.get<EventLog>(EVENT_LOG).flush();
    await app?.get(CommittedProjections).snapshot();
    const log = join(folder, 'killed.db');
    emit(fill('2', '0.2'), call(6));
    await app?.get<EventLog>(EVENT_LOG).flush();
    const text = await metrics();
    for (const end of ['', '-wal', '-shm']) copyFileSync(`${path}${end}`, `${log}${end}`);
    await stop();

    path = log;
    await start();
    expect(said.lines).toContainEqual(
      expect.stringMatching(/^Restored from the snapshot at position 1 and 1 events/),
    );
    const after = await metrics();
    const withoutCalls = (lines: string): string => lines.replaceAll(/^.*latency_exchange.*\n/gm, '');
    expect(withoutCalls(after)).toBe(withoutCalls(text));
    expect(after).not.toContain('market_maker_latency_exchange_ms_count');
  });

  it('uses the older snapshot when a byte of the newer one has flipped, and says so', async () => {
    const before = await threeRuns();
    inFile(`UPDATE snapshots SET state = replace(state, '0.3', '0.7') WHERE projection = 'metrics'`);
    await start();
    expect(await metrics()).toBe(before);
    expect(said.lines).toContainEqual(
      'The metrics snapshot at position 3 is not used: its checksum does not fit: it is damaged.',
    );
    expect(said.lines).toContainEqual('Restored from the snapshot at position 2 and 1 events after it.');
  });

  it.each([
    ['both snapshots are broken', `UPDATE snapshots SET state = state || ' '`, 'it is damaged'],
    [
      'they are of another version',
      `UPDATE snapshots SET version = 99, checksum = checksum`,
      'it is damaged',
    ],
    ['there are none', 'DELETE FROM snapshots', undefined],
  ])('reads the whole log when %s', async (_, damage, reason) => {
    const before = await threeRuns();
    inFile(damage);
    await start();
    expect(await metrics()).toBe(before);
    expect(said.lines).toContain('Restored from all 3 events of the log.');
    if (reason === undefined) return;
    const refused = said.lines.filter((line) => line.includes(reason) && !line.includes(RULES_SNAPSHOT));
    expect(refused).toHaveLength(13);
  });

  it('uses no snapshot of a newer version of a projection, and writes its own anew', async () => {
    const before = await threeRuns();
    const database = new DatabaseSync(path);
    for (const row of database.prepare('SELECT * FROM snapshots').all()) {
      const newer = { ...(row as unknown as Snapshot & { readonly sequence: number }), version: 99 };
      const update = database.prepare('UPDATE snapshots SET version = 99, checksum = ? WHERE sequence = ?');
      update.run(snapshotChecksum(newer), newer.sequence);
    }
    database.close();
    await start();
    expect(await metrics()).toBe(before);
    expect(said.lines).toContainEqual(
      `The health snapshot at position 3 is not used: it was made by version 99 of the projection, and this is version ${healthProjection.version}.`,
    );
    await stop();
    const log = await openSqliteEventLog({ path, readOnly: true });
    expect((await log.snapshots('health'))[0]).toMatchObject({
      version: healthProjection.version,
      position: 3,
    });
    await log.close();
  });

  it('uses no snapshot that is ahead of the log, as when the log alone was restored from a backup', async () => {
    await threeRuns();
    inFile('DELETE FROM events WHERE position > 1');
    await start();
    expect(await metrics()).toContain('market_maker_volume_total{symbol="BTCUSDT"} 0.1');
    expect(said.lines).toContainEqual(
      expect.stringContaining('snapshot at position 3 is not used: the log ends before it, at position 1'),
    );
  });

  it('shows no metrics when the log has a gap, and says which positions are missing', async () => {
    await threeRuns();
    inFile('DELETE FROM snapshots; DELETE FROM events WHERE position = 2');
    await expect(start()).rejects.toThrow('The event log lacks position 2');
    await request(app?.getHttpServer())
      .get('/metrics')
      .expect(503, /lacks position 2/);
  });
});
