import type { INestApplication } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import { AlertService } from '../alerts/runtime/alert.service';
import { ObservabilityModule } from '../observability.module';
import { type MailServer, startMailServer } from './email/testing/mail-server';
import { type ProviderServer, startProviderServer } from './testing/provider-server';

const TRIPPED = createEvent('circuit_breaker.tripped', {
  scope: 'BTCUSDT',
  reason: 'max_drawdown',
  value: '512.3',
  threshold: '500',
  cooldownMs: 600_000,
});
const RESET = createEvent('circuit_breaker.reset', { scope: 'BTCUSDT', by: 'cooldown' });

describe('an alert and its end, through every further channel', () => {
  let webhook: ProviderServer;
  let pagerDuty: ProviderServer;
  let discord: ProviderServer;
  let alertmanager: ProviderServer;
  let mail: MailServer;
  let app: INestApplication;

  beforeEach(async () => {
    register.clear();
    webhook = (await startProviderServer()).answer(204);
    pagerDuty = (await startProviderServer()).answer(202, '{"status":"success"}');
    discord = (await startProviderServer()).answer(200, '{"id":"1"}');
    alertmanager = (await startProviderServer()).answer(200);
    mail = await startMailServer();
    const testing = await Test.createTestingModule({
      imports: [
        EventEmitterModule.forRoot(),
        ObservabilityModule.forRoot({
          alerts: {
            webhook: { enabled: true, url: webhook.url, secret: 'a-shared-secret' },
            pagerduty: { enabled: true, routingKey: 'key', apiRoot: pagerDuty.url },
            discord: { enabled: true, webhookUrl: `${discord.url}/api/webhooks/1/token` },
            alertmanager: { enabled: true, urls: [alertmanager.url] },
            email: {
              enabled: true,
              host: '127.0.0.1',
              port: mail.port,
              secure: 'none',
              from: 'alerts@desk.example',
              to: ['eve@desk.example'],
            },
          },
        }),
      ],
    }).compile();
    app = testing.createNestApplication({ logger: false });
    await app.init();
  });
  afterEach(async () => {
    await app.close();
    await Promise.all([webhook, pagerDuty, discord, alertmanager, mail].map((server) => server.close()));
  });

  const emit = (event: TradingEvent): unknown => app.get(EventEmitter2).emit(event.type, event);

  it('is sent by each in its own way, as one and the same alert', async () => {
    emit(TRIPPED);
    await Promise.all([webhook, pagerDuty, discord, alertmanager].map((server) => server.received(1)));
    await eventually(() => expect(mail.mails).toHaveLength(1));
    emit(RESET);
    await Promise.all([webhook, pagerDuty, discord, alertmanager].map((server) => server.received(2)));
    await eventually(() => expect(mail.mails).toHaveLength(2));

    const subject = { condition: 'circuit_breaker_trip', labels: { scope: 'BTCUSDT' } };
    expect(webhook.requests.map(({ json }) => json)).toMatchObject([
      { ...subject, kind: 'raised', level: 'CRITICAL' },
      { ...subject, kind: 'resolved' },
    ]);
    const [trigger, resolve] = pagerDuty.requests.map(({ json }) => json);
    expect(trigger).toMatchObject({
      event_action: 'trigger',
      payload: { source: 'opensqt', component: 'BTCUSDT' },
    });
    expect(resolve).toMatchObject({ event_action: 'resolve', dedup_key: trigger?.['dedup_key'] });
    expect(discord.requests.map(({ json }) => json?.['content'])).toEqual([
      expect.stringContaining('CRITICAL'),
      expect.stringContaining('RESOLVED'),
    ]);
    const labels = { alertname: 'circuit_breaker_trip', severity: 'critical', scope: 'BTCUSDT' };
    expect(alertmanager.requests.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      [{ labels }],
      [{ labels }],
    ]);
    expect(mail.mails[1]?.headers['in-reply-to']).toBe(mail.mails[0]?.headers['message-id']);
  });

  it('can be tried out', async () => {
    for (const name of ['webhook', 'pagerduty', 'discord', 'alertmanager', 'email']) {
      expect(await app.get(AlertService).test(name)).toMatchObject({ channel: name, delivered: true });
    }
  });
});
