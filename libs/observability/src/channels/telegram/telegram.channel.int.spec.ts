import { describeChannelContract } from '../testing/channel.contract';
import { channelFrom } from '../testing/channel-from';
import { failureOfSending } from '../testing/failure-of-sending';
import { notification } from '../testing/notification';
import { type ProviderServer, TELEGRAM_OK, startProviderServer } from '../testing/provider-server';
import { TelegramApi } from './telegram-api';
import { telegram } from './telegram.channel';
import { telegramOptions } from './telegram.options';

const TOKEN = '123456789:AAF-secret_part';

describeChannelContract('Telegram', {
  channelTo: (apiRoot) =>
    channelFrom(
      telegram,
      { botToken: '123456789:AAF-q8w7_e6r5', chatId: '42', apiRoot },
      { timeoutMs: 1_000 },
    ),
  confirmation: { status: 200, body: TELEGRAM_OK },
  secrets: ['123456789', 'AAF-q8w7_e6r5'],
});

describe('TelegramChannel', () => {
  let server: ProviderServer;
  beforeEach(async () => (server = await startProviderServer()));
  afterEach(() => server.close());

  const channel = (options: { chatId?: string; messageThreadId?: number; apiRoot?: string } = {}) =>
    channelFrom(telegram, { botToken: TOKEN, chatId: '-100', apiRoot: server.url, ...options });
  const received = (): readonly unknown[] => server.requests.map(({ json }) => json);

  it("posts HTML to the bot's sendMessage", async () => {
    server.answer(200, TELEGRAM_OK);
    await channel().send(notification(), new AbortController().signal);

    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: `/bot${TOKEN}/sendMessage`,
        json: {
          chat_id: '-100',
          parse_mode: 'HTML',
          text: expect.stringContaining('<b>🔴 CRITICAL'),
          link_preview_options: { is_disabled: true },
          disable_notification: false,
        },
      },
    ]);
  });

  it('wakes nobody for INFO', async () => {
    server.answer(200, TELEGRAM_OK);
    await channel().send(notification({ level: 'INFO' }), new AbortController().signal);

    expect(received()).toMatchObject([{ disable_notification: true }]);
  });

  it.each(['/gateway', '/gateway/'])('takes an API root with the path %s', async (path) => {
    server.answer(200, TELEGRAM_OK);
    await channel({ apiRoot: server.url + path }).send(notification(), new AbortController().signal);

    expect(server.requests[0]?.path).toBe(`/gateway/bot${TOKEN}/sendMessage`);
  });

  it('keeps to 20 a minute in a group and to 1 a second elsewhere', () => {
    expect(channel({ chatId: '-100' }).rateLimit).toEqual({ burst: 5, intervalMs: 3_000 });
    expect(channel({ chatId: '100' }).rateLimit).toEqual({ burst: 5, intervalMs: 1_000 });
  });

  it('moves to the supergroup that a group became, and stays there', async () => {
    server.refuse(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: -100200,
    });
    server.answer(200, TELEGRAM_OK);
    const moved = channel();

    expect(await failureOfSending(moved)).toBeUndefined();
    expect(await failureOfSending(moved)).toBeUndefined();
    expect(received()).toMatchObject([{ chat_id: '-100' }, { chat_id: '-100200' }, { chat_id: '-100200' }]);
  });

  it('sends plain text when Telegram can not parse the markup', async () => {
    server.refuse(400, "Bad Request: can't parse entities: unsupported start tag");
    server.answer(200, TELEGRAM_OK);

    expect(await failureOfSending(channel(), undefined, notification({ message: 'a < b' }))).toBeUndefined();
    const [, second] = received();
    expect(second).not.toHaveProperty('parse_mode');
    expect(second).toMatchObject({ text: expect.stringContaining('a < b') });
    expect(second).not.toMatchObject({ text: expect.stringContaining('<b>') });
  });

  it.each([
    [400, 'Bad Request: message is too long'],
    [413, 'Request Entity Too Large'],
  ])('sends a shorter message after %d %s', async (status, description) => {
    server.refuse(status, description).answer(200, TELEGRAM_OK);

    const long = notification({ message: 'x'.repeat(5_000) });

    expect(await failureOfSending(channel(), undefined, long)).toBeUndefined();
    expect(String(server.requests[1]?.json?.['text']).length).toBeLessThan(1_100);
  });

  it('makes each repair once, all of them in one attempt', async () => {
    server
      .refuse(400, 'upgraded', { migrate_to_chat_id: -100200 })
      .refuse(400, "Bad Request: can't parse entities")
      .refuse(400, 'Bad Request: message is too long');

    const failure = await failureOfSending(channel());

    expect(failure).toMatchObject({
      outcome: 'rejected',
      message: 'Telegram rejects this message (400 Bad Request: message is too long).',
    });
    expect(server.requests).toHaveLength(4);
  });

  it('takes "not modified" for success', async () => {
    server.refuse(400, 'Bad Request: message is not modified');

    expect(await failureOfSending(channel())).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it('says what Telegram complained of', async () => {
    server.refuse(401, 'Unauthorized');

    expect((await failureOfSending(channel()))?.message).toBe(
      'Telegram refuses this channel (401 Unauthorized): check alerts.telegram.bot_token and alerts.telegram.chat_id, and that the bot is still a member of the chat.',
    );
  });

  it.each([
    ['Bad Request: chat not found', 'broken'],
    ['Bad Request: not enough rights to send text messages to the chat', 'broken'],
    ['Bad Request: need administrator rights in the channel chat', 'broken'],
    ['Bad Request: have no rights to send a message', 'broken'],
    ['Bad Request: CHAT_WRITE_FORBIDDEN', 'broken'],
    ['Bad Request: CHAT_RESTRICTED', 'broken'],
    ['Bad Request: PEER_ID_INVALID', 'broken'],
    ['Bad Request: USER_IS_BLOCKED', 'broken'],
    ['Bad Request: group chat was deactivated', 'broken'],
    ['Bad Request: user not found', 'broken'],
    ['Bad Request: invalid message thread ID specified', 'broken'],
    ["Bad Request: can't parse chat_id", 'broken'],
    ['Bad Request: CHAT_ID_INVALID', 'broken'],
    ['Bad Request: message text is empty', 'rejected'],
    ['Bad Request: reply message not found', 'rejected'],
    ['Bad Request: BUTTON_URL_INVALID', 'rejected'],
  ])('takes a 400 with "%s" for %s', async (description, outcome) => {
    server.refuse(400, description);

    expect(await failureOfSending(channel())).toMatchObject({ outcome });
  });

  it('refuses an API root that is no URL without repeating it', () => {
    expect(
      () => new TelegramApi({ ...telegramOptions.parse({}), apiRoot: 'api.telegram', botToken: TOKEN }, {}),
    ).toThrow(/^alerts\.telegram\.api_root is not a complete http/);
  });
});
