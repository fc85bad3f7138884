import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { type EventLog, openSqliteEventLog } from '@opensqt/event-log';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { register } from 'prom-client';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { EVENT_LOG } from '../../ingest/event-log';
import { ObservabilityModule } from '../../observability.module';
import type { ObservabilityOptions } from '../../options/observability-options';
import { AlertService } from './alert.service';

const utc = (text: string): number => Date.parse(`2026-${text}Z`);

const started = (time: string) =>
  createEvent(
    'symbol.started',
    { symbol: 'BTCUSDT', exchange: 'paper', strategy: 'grid' },
    { occurredAt: utc(time) },
  );
const filled = (time: string) =>
  createEvent(
    'order.filled',
    {
      ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: '1', fillId: time, side: 'buy' },
      ...{ price: '1', quantity: '0.1', remaining: '0', fee: '0', feeAsset: 'USDT' },
    },
    { occurredAt: utc(time) },
  );

type Alerts = NonNullable<ObservabilityOptions['alerts']>;

describe('the daily summary of a running application', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-summary-'));
  let slack: ProviderServer;
  let app: INestApplication | undefined;
  let now: number;
  let logs = 0;

  beforeEach(async () => {
    slack = await startProviderServer();
    logs += 1;
  });
  afterEach(async () => {
    await stop();
    await slack.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function start(
    at: string,
    given: Alerts['summary'] = {},
    log: ObservabilityOptions['eventLog'] = {},
  ): Promise<void> {
    register.clear();
    now = utc(at);
    const module = ObservabilityModule.forRoot({
      imports: [EventEmitterModule.forRoot()],
      eventLog: { kind: 'sqlite', path: join(folder, `${logs}.db`), ...log },
      clock: { now: () => now },
      alerts: {
        slack: { enabled: true, webhookUrl: `${slack.url}/hook` },
        summary: { at: '08:00', ...given },
      },
    });
    app = (await Test.createTestingModule({ imports: [module] }).compile()).createNestApplication({
      logger: false,
    });
    await app.init();
  }

  async function stop(): Promise<void> {
    await app?.close();
    app = undefined;
  }

  /** The events happen, each at its time. */
  function emit(...events: readonly TradingEvent[]): void {
    for (const event of events) {
      now = event.occurredAt;
      app?.get(EventEmitter2).emit(event.type, event);
    }
  }

  async function logged(type: 'summary.closed' | 'delivery.requested'): Promise<number> {
    let found = 0;
    for await (const records of app?.get<EventLog>(EVENT_LOG).read() ?? []) {
      found += records.filter(
        ({ event }) =>
          event.type === type && (event.type !== 'delivery.requested' || event.data.kind === 'summary'),
      ).length;
    }
    return found;
  }

  /** An alert that is told after everything that was decided before it. */
  async function somethingAfter(): Promise<void> {
    const told = slack.requests.length;
    await app?.get(AlertService).raise({ level: 'CRITICAL', title: `After ${told}`, message: '' });
    await slack.received(told + 1);
  }

  const bodies = () => slack.requests.map(({ body }) => body);

  it('comes when its time does, though nothing happens then, and tells of what happened before', async () => {
    await start('03-01T07:00:00');
    emit(started('03-01T07:00:00'), filled('03-01T07:30:00'), filled('03-01T07:40:00'));
    now = utc('03-01T08:00:00');
    await slack.received(1);
    expect(bodies()[0]).toContain('Daily summary of 2026-03-01, 08:00 UTC');
    expect(bodies()[0]).toContain('2 fills of 0.2 in all');
    await somethingAfter();
    expect(await logged('summary.closed')).toBe(1);
  });

  it('comes before what happens after its time, which belongs to the next one', async () => {
    await start('03-01T07:00:00');
    emit(started('03-01T07:00:00'), filled('03-01T07:30:00'));
    await app?.get<EventLog>(EVENT_LOG).flush();
    emit(filled('03-02T09:00:00'));
    await slack.received(1);
    expect(bodies()[0]).toContain('Daily summary of 2026-03-02');
    emit(filled('03-03T08:00:00'));
    await slack.received(2);
    expect(bodies()[1]).toContain('Daily summary of 2026-03-03');
    const fills = bodies().flatMap((body) => [...body.matchAll(/(\d+) fills of/g)].map(([, n]) => Number(n)));
    now = utc('03-04T08:00:00');
    await slack.received(3);
    fills.push(...[...(bodies()[2] ?? '').matchAll(/(\d+) fills of/g)].map(([, n]) => Number(n)));
    expect(fills.reduce((sum, n) => sum + n, 0)).toBe(3);
  });

  it('that fell due while the process was down comes at its start, once, and says so', async () => {
    await start('03-01T07:00:00');
    emit(started('03-01T07:00:00'), filled('03-01T07:30:00'));
    await stop();
    expect(slack.requests).toHaveLength(0);
    await start('03-04T10:00:00');
    await slack.received(1);
    expect(bodies()[0]).toContain('Daily summary of 2026-03-04, 08:00 UTC (delayed by 2 h)');
    expect(bodies()[0]).toContain('1 fills of 0.1 in all');
    await somethingAfter();
    await stop();
    await start('03-04T10:00:01');
    await somethingAfter();
    expect(bodies().filter((body) => body.includes('Daily summary'))).toHaveLength(1);
    expect(await logged('delivery.requested')).toBe(2);
  });

  it('is told although the process died between the end of the day and its messages, once', async () => {
    await start('03-01T07:00:00');
    emit(started('03-01T07:00:00'), filled('03-01T07:30:00'));
    await stop();
    const log = await openSqliteEventLog({ path: join(folder, `${logs}.db`) });
    const summaryId = '019b8000-0000-7000-8000-000000000001';
    const data = { summaryId, dueAt: utc('03-01T08:00:00') };
    await log.append([createEvent('summary.closed', data, { id: summaryId, occurredAt: data.dueAt })]);
    await log.append([filled('03-01T08:00:01')]);
    await log.close();

    for (const restart of ['03-01T08:00:02', '03-01T08:00:03']) {
      await start(restart);
      await slack.received(1);
      await somethingAfter();
      await stop();
    }
    expect(bodies().filter((body) => body.includes('Daily summary'))).toEqual([
      expect.stringContaining('1 fills of 0.1 in all'),
    ]);
  });

  it('is told to the named channels only', async () => {
    await start('03-01T07:00:00', { channels: ['slack'] });
    emit(started('03-01T07:00:00'));
    now = utc('03-01T08:00:00');
    await slack.received(1);
    expect(await logged('delivery.requested')).toBe(1);
  });

  it('works on a log that is forgotten with the process', async () => {
    await start('03-01T07:00:00', {}, { kind: 'memory' });
    emit(started('03-01T07:00:00'), filled('03-01T07:30:00'));
    now = utc('03-01T08:00:00');
    await slack.received(1);
    expect(bodies()[0]).toContain('1 fills of 0.1 in all');
  });

  it('refuses a channel that is not in use', async () => {
    await expect(start('03-01T07:00:00', { channels: ['pagerduty'] }, { kind: 'memory' })).rejects.toThrow(
      'alerts.summary.channels[0]: found pagerduty, which is not enabled; allowed: each of log, slack once',
    );
  });
});
