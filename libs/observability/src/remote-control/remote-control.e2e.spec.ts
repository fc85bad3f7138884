import type { INestApplication } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import type { EventLog } from '@opensqt/event-log';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import { AlertService } from '../alerts/runtime/alert.service';
import { type BotApiServer, startBotApiServer } from '../channels/telegram/control/testing/bot-api-server';
import { EVENT_LOG } from '../ingest/event-log';
import { ObservabilityModule } from '../observability.module';
import type { BreakerReset } from '../options/breaker-port';

const tripped = createEvent('circuit_breaker.tripped', {
  ...{ scope: 'BTCUSDT', reason: 'max_drawdown', value: '6', threshold: '5', cooldownMs: 600_000 },
});

describe('Telegram as a remote control of the module', () => {
  let telegram: BotApiServer;
  let app: INestApplication;
  let resets: (BreakerReset & { readonly scope: string })[];
  beforeEach(async () => {
    register.clear();
    resets = [];
    telegram = await startBotApiServer();
  });
  afterEach(async () => {
    await app.close();
    await telegram.close();
  });

  async function start(control: object | undefined): Promise<void> {
    const breakers = {
      reset: (scope: string, request: BreakerReset) => {
        resets.push({ scope, ...request });
        emit(createEvent('circuit_breaker.reset', { scope, ...request }));
        return Promise.resolve({ reset: true, tripped: [] });
      },
    };
    const bot = { enabled: true, botToken: '1:s3cr3t-token', chatId: '4711', apiRoot: telegram.url };
    const module = ObservabilityModule.forRoot({
      imports: [EventEmitterModule.forRoot()],
      name: 'mm-1',
      breakers,
      alerts: { telegram: { ...bot, ...(control === undefined ? {} : { control }) } },
    });
    const testing = await Test.createTestingModule({ imports: [module] }).compile();
    app = testing.createNestApplication({ logger: false });
    await app.init();
  }

  const emit = (event: TradingEvent): void => void app.get(EventEmitter2).emit(event.type, event);

  async function ofType(type: string) {
    const log = app.get<EventLog>(EVENT_LOG);
    await log.flush();
    const found = [];
    for await (const records of log.read()) found.push(...records.map(({ event }) => event));
    return found.filter((event) => event.type === type).map(({ data }) => data);
  }

  it('puts buttons under an alert, and records what they do with who pressed them', async () => {
    await start({ users: [42] });
    emit(tripped);
    const [message] = await telegram.received('sendMessage', 1);
    const alertId = app.get(AlertService).active()[0]?.id ?? '';
    expect(message?.['reply_markup']).toEqual({
      inline_keyboard: [
        [
          { text: 'Acknowledge', callback_data: `acknowledge:${alertId}` },
          { text: 'Silence 1 h', callback_data: `silence:${alertId}` },
          { text: 'Reset breaker', callback_data: `reset:${alertId}` },
        ],
      ],
    });

    telegram.press(42, `acknowledge:${alertId}`);
    telegram.press(42, `silence:${alertId}`);
    await eventually(async () => expect(await ofType('silence.created')).toHaveLength(1));
    expect(await ofType('alert.acknowledged')).toMatchObject([{ alertId, by: 'telegram:eve/42' }]);
    expect(await ofType('silence.created')).toMatchObject([
      {
        matchers: { condition: 'circuit_breaker_trip', bot: 'mm-1', scope: 'BTCUSDT' },
        by: 'telegram:eve/42',
      },
    ]);

    telegram.press(42, `reset:${alertId}`);
    await telegram.received('answerCallbackQuery', 3);
    expect(resets).toEqual([]);
    telegram.press(42, `confirm:${alertId}`);
    await eventually(() => expect(resets).toHaveLength(1));
    expect(resets).toMatchObject([{ scope: 'BTCUSDT', by: 'telegram:eve/42' }]);
    await eventually(() => expect(app.get(AlertService).active()).toEqual([]));
    telegram.press(42, `confirm:${alertId}`);
    await telegram.received('answerCallbackQuery', 5);
    expect(resets).toHaveLength(1);

    // The message that shows the end has no buttons any more.
    await eventually(() => expect(telegram.sent('editMessageText')).not.toEqual([]));
    expect(telegram.sent('editMessageText').at(-1)).not.toHaveProperty('reply_markup');
  });

  it('answers for the bot: status, positions, alerts, and the story of one', async () => {
    await start({ users: [42] });
    emit(tripped);
    await telegram.received('sendMessage', 1);
    const alertId = app.get(AlertService).active()[0]?.id ?? '';
    for (const words of ['/status', '/positions', '/alerts', `/why ${alertId.slice(0, 8)}`])
      telegram.write(42, words);
    const answers = (await telegram.received('sendMessage', 5)).slice(1).map((one) => String(one['text']));
    expect(answers.every((answer) => answer.startsWith('mm-1\n'))).toBe(true);
    const [status = '', positions = '', alerts = '', why = ''] = answers;
    expect(status).toContain('Breakers tripped: BTCUSDT');
    expect(status).toContain('Open alerts: 1');
    expect(positions).toContain('No symbol has been traded.');
    expect(alerts).toContain(`CRITICAL Circuit breaker tripped: BTCUSDT · ${alertId.slice(0, 8)}`);
    expect(why).toContain('telegram accepted it');
  });

  it('is off by default: nothing is polled, and there are no buttons', async () => {
    await start(undefined);
    emit(tripped);
    const [message] = await telegram.received('sendMessage', 1);
    expect(message).not.toHaveProperty('reply_markup');
    expect(telegram.sent('getUpdates')).toEqual([]);
  });

  it('does no harm to alerts while another program polls the bot', async () => {
    for (let n = 0; n < 10; n += 1) telegram.fail('getUpdates', 409, 'Conflict');
    await start({ users: [42] });
    await telegram.received('getUpdates', 1);
    emit(tripped);
    expect(await telegram.received('sendMessage', 1)).toHaveLength(1);
    await eventually(() => expect(app.get(AlertService).channelHealth().pending).toBe(0));
    expect(app.get(AlertService).channelHealth().broken.size).toBe(0);
  });
});
