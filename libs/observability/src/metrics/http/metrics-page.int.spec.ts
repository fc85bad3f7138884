import type { INestApplication } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { createEvent } from '@opensqt/trading-events';
import { Counter, register } from 'prom-client';
import { ObservabilityModule } from '../../observability.module';
import { MetricsPage } from './metrics-page';

const now = 1_700_000_000_000;

/** Lines that say the same at each scrape: not how much memory and time the process has used. */
const steady = (text: string): string[] =>
  text.split('\n').filter((line) => !/^(process|nodejs)_|event_log_/.test(line));

describe('The metrics page', () => {
  let app: INestApplication;

  beforeEach(async () => {
    register.clear();
    const testing = await Test.createTestingModule({
      imports: [EventEmitterModule.forRoot(), ObservabilityModule.forRoot({ clock: { now: () => now } })],
    }).compile();
    app = testing.createNestApplication({ logger: false });
    await app.init();
    emitCall();
  });

  afterEach(async () => {
    await app.close();
    register.clear();
  });

  function emitCall(): void {
    const call = { exchange: 'paper', operation: 'place', durationMs: 12, outcome: 'ok' } as const;
    app
      .get(EventEmitter2)
      .emit('exchange.call_completed', createEvent('exchange.call_completed', call, { occurredAt: now }));
  }

  async function page(): Promise<string> {
    return Buffer.concat((await app.get(MetricsPage).render()).body).toString();
  }

  it('is what prom-client’s registry would say, metrics of others included', async () => {
    new Counter({ name: 'own_total', help: 'of the application', labelNames: ['a'] }).inc({ a: 'b' });
    const text = await page();
    expect(text).toContain('own_total{a="b"} 1\n');
    expect(text).toContain('operation="place"} 1\n');
    expect(text).toContain('nodejs_version_info');
    expect(steady(text)).toEqual(steady(await register.metrics()));
  });

  it('carries labels that were set for every line', async () => {
    register.setDefaultLabels({ instance: 'a' });
    const text = await page();
    expect(text).toContain('exchange="paper",operation="place",instance="a"} 1\n');
    expect(steady(text)).toEqual(steady(await register.metrics()));
  });

  it('is rendered once for scrapes that come together, and anew for the next one', async () => {
    const metrics = app.get(MetricsPage);
    const [first, second] = await Promise.all([metrics.render(), metrics.render()]);
    expect(second.body).toBe(first.body);
    emitCall();
    expect(await page()).toContain('operation="place"} 2\n');
  });
});
