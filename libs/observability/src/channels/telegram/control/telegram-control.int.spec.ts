import { Logger } from '@nestjs/common';
import { eventually } from '@opensqt/trading-events/testing';
import { networkOf } from '../../../network/network';
import { telegramOptions } from '../telegram.options';
import { BotClient } from './bot-client';
import type { ControlPort, ControlledAlert } from './control-port';
import { CONTROL_COMMANDS, type ControlCommand } from './keyboard';
import { TelegramControl } from './telegram-control';
import { type BotApiServer, startBotApiServer } from './testing/bot-api-server';

const TOKEN = '123456:AAH-s3cr3t-token';
const EVE = 42;
const MALLORY = 666;
const ID = '0192f0c1-0000-7000-8000-000000000001';

describe('The remote control', () => {
  let server: BotApiServer;
  let done: string[];
  let warnings: string[];
  let open: ControlledAlert[];
  let leads: boolean;
  const running: TelegramControl[] = [];

  beforeEach(async () => {
    server = await startBotApiServer();
    done = [];
    warnings = [];
    leads = true;
    open = [
      {
        ...{ id: ID, level: 'CRITICAL', title: 'Circuit breaker tripped: BTCUSDT' },
        ...{ condition: 'circuit_breaker_trip', labels: { bot: 'mm-1', scope: 'BTCUSDT' } },
      },
    ];
    jest
      .spyOn(Logger.prototype, 'warn')
      .mockImplementation((line: unknown) => void warnings.push(String(line)));
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((control) => control.stop()));
    await server.close();
    jest.restoreAllMocks();
    for (const said of [...warnings, ...server.sent('sendMessage').map((one) => JSON.stringify(one))])
      expect(said).not.toContain('s3cr3t');
  });

  const port: ControlPort = {
    bot: 'mm-1',
    leads: () => leads,
    status: () => ['Ready'],
    positions: () => ['BTCUSDT: 0.5'],
    alerts: () => open,
    why: (id) =>
      id === 'nothing' ? Promise.reject(new Error('No such alert.')) : Promise.resolve([`why ${id}`]),
    acknowledge: async (id, by) => {
      done.push(`acknowledge ${id} ${by}`);
      open = open.map((alert) => ({ ...alert, acknowledgedBy: by }));
    },
    silence: async ({ id }, forMs, by) => void done.push(`silence ${id} ${forMs} ${by}`),
    reset: async (scope, by) => {
      done.push(`reset ${scope} ${by}`);
      open = [];
      return `${scope}: the breaker is reset.`;
    },
  };

  function control(commands: readonly ControlCommand[] = CONTROL_COMMANDS): TelegramControl {
    const options = { enabled: true, botToken: TOKEN, chatId: '1', apiRoot: server.url };
    const client = new BotClient(telegramOptions.parse(options), networkOf({ proxy: '' }));
    const clock = { now: () => Date.now() };
    const made = new TelegramControl({ client, port, users: [EVE], commands, clock, haste: 50 });
    running.push(made);
    made.start();
    return made;
  }

  it('answers the commands, each answer with the name of its bot', async () => {
    control();
    for (const words of [
      '/status',
      '/positions@mm_bot',
      '/alerts',
      `/why ${ID.slice(0, 8)}`,
      '/why nothing',
      '/help',
    ])
      server.write(EVE, words);
    const sent = await server.received('sendMessage', 6);
    expect(sent.map((one) => one['text'])).toEqual([
      'mm-1\nReady',
      'mm-1\nBTCUSDT: 0.5',
      'mm-1\nCRITICAL Circuit breaker tripped: BTCUSDT · 0192f0c1',
      'mm-1\nwhy 0192f0c1',
      'mm-1\nNo such alert.',
      'mm-1\nCommands: /status, /positions, /alerts, /why ID',
    ]);
    expect(sent.every((one) => one['chat_id'] === 4711)).toBe(true);
  });

  it('gives strangers no answer, and says so once', async () => {
    control();
    server.write(MALLORY, '/status');
    server.press(MALLORY, `confirm:${ID}`);
    server.write(EVE, '/status');
    await server.received('sendMessage', 1);
    expect(server.sent('sendMessage')).toHaveLength(1);
    expect(server.sent('answerCallbackQuery')).toEqual([]);
    expect(done).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('The Telegram user 666 asked')]);
  });

  it('acknowledges, silences, and resets a breaker after asking once more, with the name of who did it', async () => {
    control();
    server.press(EVE, `acknowledge:${ID}`);
    server.press(EVE, `acknowledge:${ID}`);
    server.press(EVE, `silence:${ID}`);
    server.press(EVE, `reset:${ID}`);
    await server.received('answerCallbackQuery', 4);
    expect(done).toEqual([`acknowledge ${ID} telegram:eve/42`, `silence ${ID} 3600000 telegram:eve/42`]);
    const question = (await server.received('sendMessage', 2)).at(-1);
    expect(question).toMatchObject({
      text: expect.stringContaining('Reset the breaker of BTCUSDT?'),
      reply_markup: {
        inline_keyboard: [[{ callback_data: `confirm:${ID}` }, { callback_data: `cancel:${ID}` }]],
      },
    });
    server.press(EVE, `confirm:${ID}`);
    server.press(EVE, `confirm:${ID}`);
    const toasts = await server.received('answerCallbackQuery', 6);
    expect(done.filter((one) => one.startsWith('reset'))).toEqual(['reset BTCUSDT telegram:eve/42']);
    expect(toasts.map((one) => one['text'])).toEqual([
      'mm-1: Acknowledged.',
      'mm-1: Already acknowledged by telegram:eve/42.',
      'mm-1: Silenced for 1 h.',
      'mm-1: Asked once more below.',
      'mm-1: Done.',
      'mm-1: That alert is not open any more.',
    ]);
  });

  it('resets nothing by a question that waited while nobody listened, and answers no old command', async () => {
    server.press(EVE, `confirm:${ID}`, Date.now() - 600_000);
    server.write(EVE, '/status', Date.now() - 600_000);
    control();
    const [toast] = await server.received('answerCallbackQuery', 1);
    expect(toast).toMatchObject({ text: expect.stringContaining('too old') });
    server.write(EVE, '/alerts');
    await server.received('sendMessage', 1);
    expect(server.sent('sendMessage')).toHaveLength(1);
    expect(done).toEqual([]);
  });

  it('confirms an update before it acts on it, and acts on none twice', async () => {
    const first = control();
    const pressed = server.press(EVE, `silence:${ID}`);
    await eventually(() => expect(done).toHaveLength(1));
    expect(server.unconfirmed).toBe(0);
    await eventually(() => server.waiting > 0, { what: 'the next poll' });
    server.repeat(pressed);
    server.write(EVE, '/status');
    await server.received('sendMessage', 2);
    expect(done).toHaveLength(1);
    await first.stop();
    control();
    server.press(EVE, `silence:${ID}`);
    await eventually(() => expect(done).toHaveLength(2));
  });

  it('does only what is configured', async () => {
    control(['status', 'acknowledge']);
    server.write(EVE, '/positions');
    server.press(EVE, `confirm:${ID}`);
    expect((await server.received('sendMessage', 1))[0]).toMatchObject({ text: 'mm-1\nCommands: /status' });
    expect((await server.received('answerCallbackQuery', 1))[0]).toMatchObject({
      text: 'mm-1: That is switched off.',
    });
    expect(done).toEqual([]);
  });

  it.each([
    [409, 'Conflict: terminated by other getUpdates request', 'Another program polls this Telegram bot'],
    [401, `Unauthorized ${TOKEN}`, 'Check alerts.telegram.bot_token'],
    [404, 'Not Found', 'Check alerts.telegram.bot_token'],
    [502, '<html>', 'is asked again'],
    [429, 'Too Many Requests', 'to wait'],
  ])('says a %s once, and goes on when it is over', async (status, description, words) => {
    const parameters = status === 429 ? { retry_after: 1 } : undefined;
    server
      .fail('getUpdates', status, description, parameters)
      .fail('getUpdates', status, description, parameters);
    control();
    server.write(EVE, '/status');
    await server.received('sendMessage', 1);
    expect(warnings).toEqual([expect.stringContaining(words)]);
  });

  it('goes on when an answer to a user is refused', async () => {
    control();
    server.fail('sendMessage', 403, 'Forbidden: bot was blocked by the user');
    server.write(EVE, '/status');
    server.write(EVE, '/alerts');
    await server.received('sendMessage', 2);
    expect(warnings).toEqual([expect.stringContaining('403')]);
  });

  it('polls only while this process leads', async () => {
    leads = false;
    control();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.calls).toEqual([]);
    leads = true;
    await server.received('getUpdates', 1);
    leads = false;
    const polled = async () => {
      const before = server.sent('getUpdates').length;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return server.sent('getUpdates').length - before;
    };
    await eventually(async () => expect(await polled()).toBe(0));
    server.write(EVE, '/status');
    expect(await polled()).toBe(0);
  });
});
