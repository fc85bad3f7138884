import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test, type TestingModule } from '@nestjs/testing';
import type { EventLog } from '@opensqt/event-log';
import { createEvent } from '@opensqt/trading-events';
import { metrics } from '@opentelemetry/api';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter, Gauge, register } from 'prom-client';
import { InjectEventLog } from './ingest/event-log';
import { EventRecorder } from './ingest/event-recorder';
import { METRIC } from './metrics/catalogue/metric-names';
import { MetricsPage } from './metrics/http/metrics-page';
import { ObservabilityModule } from './observability.module';

@Injectable()
class Host {
  constructor(
    @InjectEventLog() readonly log: EventLog,
    @InjectMetric(METRIC.volume) readonly volume: Counter,
  ) {}
}

const fill = createEvent('order.filled', {
  ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: '1', fillId: '1', side: 'buy', price: '1' },
  ...{ quantity: '0.2', remaining: '0', fee: '0', feeAsset: 'USDT' },
});

const SILENT = { log: () => undefined, warn: () => undefined, error: () => undefined };

describe('the module in somebody’s process', () => {
  let folder: string;
  let path: string;
  const compiled: TestingModule[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opensqt-module-'));
    path = join(folder, 'events.db');
    register.clear();
  });

  afterEach(async () => {
    for (const module of compiled.splice(0)) await module.close();
    register.clear();
    rmSync(folder, { recursive: true, force: true });
  });

  async function compile(): Promise<TestingModule> {
    const observability = ObservabilityModule.forRoot({ eventLog: { kind: 'sqlite', path } });
    const imports = [EventEmitterModule.forRoot(), observability];
    const testing = Test.createTestingModule({ imports, providers: [Host] });
    const module = await testing.setLogger(SILENT).compile();
    compiled.push(module);
    return module;
  }

  const isTraceless = (): void => {
    expect(register.getMetricsAsArray()).toEqual([]);
    expect(metrics.getMeterProvider().constructor.name).toBe('NoopMeterProvider');
  };
  const page = async (module: TestingModule): Promise<string> =>
    Buffer.concat((await module.get(MetricsPage).render()).body).toString();

  it('leaves nothing in it while it is only compiled', async () => {
    const module = await compile();
    isTraceless();
    expect(existsSync(path)).toBe(false);
    expect(module.get(EventEmitter2, { strict: false }).listenersAny()).toEqual([]);
    expect(() => module.get(Host).log.status()).toThrow('The event log is not open yet');
    await expect(module.get(Host).log.append([fill])).rejects.toMatchObject({ code: 'LOG_CLOSED' });
  });

  it('closes without having been started', async () => {
    await (await compile()).close();
    isTraceless();
    expect(existsSync(path)).toBe(false);
  });

  it('is there from init until the end, and takes with it what it brought', async () => {
    const own = new Gauge({ name: 'own', help: 'of the application' });
    const module = await (await compile()).init();
    await module.get(EventRecorder).ready();
    module.get(EventEmitter2, { strict: false }).emit(fill.type, fill);
    const { log, volume } = module.get(Host);
    await log.flush();
    expect(log.status().position).toBe(1);
    expect((await volume.get()).values).toEqual([{ labels: { symbol: 'BTCUSDT' }, value: 0.2 }]);
    expect(await register.metrics()).toContain('market_maker_volume_total{symbol="BTCUSDT"} 0.2\n');
    expect(register.getSingleMetric('process_cpu_seconds_total')).toBeDefined();

    await module.close();
    expect(register.getMetricsAsArray()).toEqual([own]);
    register.clear();
    isTraceless();
  });

  it('leaves a metric to the application that had the name first, and shows that one', async () => {
    new Gauge({ name: METRIC.buildInfo, help: 'of the application' }).set(7);
    const module = await (await compile()).init();
    await module.get(EventRecorder).ready();
    expect(await page(module)).toContain('# HELP build_info of the application\n');
    expect(await page(module)).toContain('\nbuild_info 7\n');
  });

  it('shows each of two applications its own metrics, also after the other has ended', async () => {
    const first = await (await compile()).init();
    await first.get(EventRecorder).ready();
    first.get(EventEmitter2, { strict: false }).emit(fill.type, fill);
    path = join(folder, 'other.db');
    const second = await (await compile()).init();
    await second.get(EventRecorder).ready();
    expect(await page(second)).not.toContain('market_maker_volume_total{');
    expect(await page(first)).toContain('market_maker_volume_total{symbol="BTCUSDT"} 0.2\n');
    await second.close();
    expect(await page(first)).toContain('market_maker_volume_total{symbol="BTCUSDT"} 0.2\n');
  });
});
