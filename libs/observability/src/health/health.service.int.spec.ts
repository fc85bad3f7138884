import type { INestApplication } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import type { EventLog } from '@opensqt/event-log';
import { createEvent } from '@opensqt/trading-events';
import { register } from 'prom-client';
import request from 'supertest';
import { EVENT_LOG } from '../ingest/event-log';
import { EventRecorder } from '../ingest/event-recorder';
import { ObservabilityModule } from '../observability.module';
import { HealthService } from './health.service';

const CALLS_OUT = [
  ...(['append', 'flush', 'checkpoint', 'saveCheckpoint', 'saveSnapshot', 'snapshots'] as const),
  ...(['lease', 'bots'] as const),
];

describe('the checks of health', () => {
  let app: INestApplication | undefined;
  afterEach(async () => {
    jest.restoreAllMocks();
    await app?.close();
    register.clear();
  });

  it('answer while nothing that they are about answers any more', async () => {
    const imports = [EventEmitterModule.forRoot(), ObservabilityModule.forRoot({ symbols: ['A'] })];
    const testing = await Test.createTestingModule({ imports }).compile();
    app = await testing.createNestApplication({ logger: false }).init();
    await app.get(EventRecorder).ready();
    const log = app.get<EventLog>(EVENT_LOG);
    for (const call of CALLS_OUT) jest.spyOn(log, call).mockReturnValue(new Promise<never>(() => undefined));
    const event = createEvent('symbol.started', { symbol: 'A', exchange: 'paper', strategy: 'grid' });
    app.get(EventEmitter2).emit(event.type, event);
    for (const [path, status] of [
      ['/health', 503],
      ['/health/ready', 503],
      ['/health/live', 200],
    ] as const) {
      const { body } = await request(app.getHttpServer()).get(path).expect(status);
      expect(body).toHaveProperty('details');
    }
    // Whoever awaited something would return a promise: what is read is in memory.
    const health = app.get(HealthService);
    for (const report of [health.all(), health.ready(), health.live(), health.verdict()])
      expect(report).not.toBeInstanceOf(Promise);
    expect(Object.keys(health.all().details)).toEqual(
      expect.arrayContaining(['event_log', 'exchange_paper', 'trading', 'alerts', 'alert_channels']),
    );
  });
});
