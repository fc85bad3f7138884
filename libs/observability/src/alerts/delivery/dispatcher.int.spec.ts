import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import type { EventLog } from '@opensqt/event-log';
import { type MarketMakerEvent, createEvent } from '@opensqt/trading-events';
import { register } from 'prom-client';
import {
  type ProviderServer,
  TELEGRAM_OK,
  startProviderServer,
} from '../../channels/testing/provider-server';
import { EVENT_LOG } from '../../intake/event-recorder';
import { ObservabilityModule } from '../../observability.module';
import { AlertService } from '../alert.service';

const tripped = (scope: string) =>
  createEvent('circuit_breaker.tripped', {
    scope,
    reason: 'max_drawdown',
    value: '512',
    threshold: '500',
    cooldownMs: 600_000,
  });
const reset = (scope: string) => createEvent('circuit_breaker.reset', { scope, by: 'operator' });

describe('delivery through providers that fail', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-delivery-'));
  let slack: ProviderServer;
  let telegram: ProviderServer;
  let app: INestApplication | undefined;
  let logs = 0;

  beforeEach(async () => {
    slack = await startProviderServer();
    telegram = await startProviderServer();
    telegram.answer(200, TELEGRAM_OK);
    logs += 1;
  });
  afterEach(async () => {
    await app?.close();
    await slack.close();
    await telegram.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Starts, or starts again, on this test's log. */
  async function start(): Promise<void> {
    register.clear();
    const module = ObservabilityModule.forRoot({
      eventLog: { kind: 'sqlite', path: join(folder, `${logs}.db`) },
      alerts: {
        slack: { enabled: true, webhookUrl: `${slack.url}/hook` },
        telegram: { enabled: true, botToken: '1:token', chatId: '42', apiRoot: telegram.url },
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

  function emit(...events: readonly MarketMakerEvent[]): void {
    for (const event of events) app?.get(EventEmitter2).emit(event.type, event);
  }

  async function settled(): Promise<void> {
    const pending = () => app?.get(AlertService).channelHealth().pending;
    do await new Promise((resolve) => setTimeout(resolve, 10));
    while (pending() !== 0);
  }

  async function logged(channel: string): Promise<readonly string[]> {
    const found: string[] = [];
    const log = app?.get<EventLog>(EVENT_LOG);
    for await (const records of log?.read() ?? []) {
      for (const { event } of records) {
        if (event.type.startsWith('delivery.') && 'channel' in event.data && event.data.channel === channel) {
          found.push('outcome' in event.data ? `${event.type} ${event.data.outcome}` : event.type);
        }
      }
    }
    return found;
  }

  it('9: 503 three times, then ok: one message', async () => {
    slack.answer(503).answer(503).answer(503).answer(200, 'ok');
    await start();
    emit(tripped('global'));
    await slack.received(4);
    await settled();
    expect(await logged('slack')).toEqual([
      'delivery.requested',
      ...['delivery.started', 'delivery.failed transient'],
      ...['delivery.started', 'delivery.failed transient'],
      ...['delivery.started', 'delivery.failed transient'],
      ...['delivery.started', 'delivery.succeeded'],
    ]);
  });

  it('7: a 429 pauses its channel for as long as it says, and no other', async () => {
    slack.answer(429, '', { 'retry-after': '2' }).answer(200, 'ok');
    await start();
    emit(tripped('A'));
    const [first] = await slack.received(1);
    emit(tripped('B'), tripped('C'));
    await telegram.received(3);
    expect(slack.requests).toHaveLength(1);
    const [, second] = await slack.received(4);
    expect((second?.receivedAt ?? 0) - (first?.receivedAt ?? 0)).toBeGreaterThanOrEqual(2_000);
  });

  it('3: after a restart the schedule goes on, with its attempts counted', async () => {
    slack.answer(503);
    await start();
    emit(tripped('global'));
    await slack.received(1);
    await until(async () => (await logged('slack')).includes('delivery.failed transient'));
    await stop();
    slack.answer(200, 'ok');
    const before = slack.requests.length;
    await start();
    await slack.received(before + 1);
    await settled();
    const attempts = (await logged('slack')).filter((step) => step === 'delivery.started').length;
    expect(attempts).toBe(slack.requests.length);
    expect(telegram.requests).toHaveLength(1);
  });

  it('24: a resolve does not overtake the trigger that is tried again', async () => {
    slack.answer(503).answer(200, 'ok');
    await start();
    emit(tripped('global'), reset('global'));
    const bodies = (await slack.received(3)).map(({ body }) => body);
    expect(bodies[0]).toContain('Circuit breaker tripped');
    expect(bodies[1]).toContain('Circuit breaker tripped');
    expect(bodies[2]).toContain('Circuit breaker reset');
  });

  it('13: a reset after the request was read is ambiguous: sent once more, marked', async () => {
    slack.reset().answer(200, 'ok');
    await start();
    emit(tripped('global'));
    const [first, second] = await slack.received(2);
    expect(first?.body).not.toMatch(/possible duplicate/i);
    expect(second?.body).toMatch(/possible duplicate/i);
  });

  it('5 and 6: neither a restart nor a repeated event sends anything again', async () => {
    await start();
    const event = tripped('global');
    emit(event, event);
    await slack.received(1);
    await settled();
    await stop();
    await start();
    emit(event);
    await settled();
    emit(tripped('OTHER'));
    await slack.received(2);
    expect(slack.requests).toHaveLength(2);
    expect(slack.requests[1]?.body).toContain('OTHER');
  });

  it('26: what is open and what waits at a stop is open and waits after it', async () => {
    slack.answer(503);
    await start();
    emit(tripped('global'));
    await slack.received(1);
    await stop();
    slack.answer(200, 'ok');
    await start();
    await until(() => app?.get(AlertService).active().length === 1);
    emit(reset('global'));
    await until(() => slack.requests.some(({ body }) => body.includes('Circuit breaker reset')));
    expect(app?.get(AlertService).active()).toEqual([]);
  });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
