import { Logger } from '@nestjs/common';
import type { DeliveryFailure } from '@opensqt/trading-events';
import type { AlertNotification } from '../channel';
import { describeChannelContract } from '../testing/channel.contract';
import { channelFrom } from '../testing/channel-from';
import { failureOfSending } from '../testing/failure-of-sending';
import { HOSTILE_TEXTS } from '../testing/hostile-texts';
import { notification } from '../testing/notification';
import { type ProviderServer, slackOk, startProviderServer } from '../testing/provider-server';
import { SlackBot } from './slack-bot';
import { slack } from './slack.channel';
import { slackOptions } from './slack.options';

const TOKEN = 'xoxb-1122334455-secret_part';
const FIRST = 'C024BE91L/1700000000.000100';
const REPLY_TS = '1700000009.000200';

const refusal = (error: string): string => JSON.stringify({ ok: false, error });
const escalated = { kind: 'escalated', level: 'ERROR', earlier: { reference: FIRST } } as const;
const repeated = { kind: 'repeated', earlier: { reference: FIRST } } as const;
const resolved = {
  kind: 'resolved',
  title: 'Circuit breaker reset: BTCUSDT',
  fields: { Lasted: '12 min' },
  earlier: { reference: FIRST },
} as const;

describeChannelContract('Slack by bot', {
  channelTo: (apiRoot) =>
    channelFrom(
      slack,
      { botToken: 'xoxb-112233445566-778899001122-AbCdEf9876', channel: '#trading-alerts', apiRoot },
      { timeoutMs: 1_000 },
    ),
  confirmation: { status: 200, body: slackOk() },
  secrets: ['xoxb-112233445566-778899001122-AbCdEf9876', '112233445566', 'AbCdEf9876'],
  expectInert: ({ body, json }) => {
    expect(json).toMatchObject({ mrkdwn: false, link_names: false, unfurl_links: false });
    expect(body).not.toMatch(/[<>]|"mrkdwn"(?!:false)/);
    expect(body.length).toBeLessThan(64 * 1_024);
  },
});

describe('Slack by bot', () => {
  let server: ProviderServer;
  const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  beforeEach(async () => (server = await startProviderServer()));
  afterEach(async () => {
    warned.mockClear();
    await server.close();
  });
  afterAll(() => warned.mockRestore());

  const channel = (options: { readonly apiRoot?: string } = {}, timeoutMs = 10_000) =>
    channelFrom(
      slack,
      { botToken: TOKEN, channel: '#trading-alerts', apiRoot: server.url, ...options },
      { timeoutMs },
    );
  const send = (given: Partial<AlertNotification>) =>
    channel().send(notification(given), new AbortController().signal);
  const failure = (given: Partial<AlertNotification>) =>
    failureOfSending(channel({}, 300), undefined, notification(given));
  const calls = (): readonly string[] => server.requests.map(({ path }) => path.replace('/', ''));
  const bodies = (): readonly unknown[] => server.requests.map(({ json }) => json);

  it('posts a raise with its token in a header, and says where the message is', async () => {
    server.answer(200, slackOk());

    expect(await send({})).toEqual({ reference: FIRST });
    expect(server.requests).toMatchObject([
      {
        path: '/chat.postMessage',
        headers: { authorization: `Bearer ${TOKEN}` },
        json: { channel: '#trading-alerts', text: expect.stringContaining('CRITICAL'), mrkdwn: false },
      },
    ]);
    expect(server.requests[0]?.json).not.toHaveProperty('thread_ts');
  });

  it.each(['/gateway/api', '/gateway/api/'])('takes an API root with the path %s', async (path) => {
    server.answer(200, slackOk());
    await channel({ apiRoot: server.url + path }).send(notification(), new AbortController().signal);

    expect(calls()).toEqual(['gateway/api/chat.postMessage']);
  });

  it('sends an escalation to the thread and the channel first, then changes the message', async () => {
    server.answer(200, slackOk(REPLY_TS)).answer(200, slackOk());

    expect(await send({ ...escalated, possibleDuplicate: true })).toEqual({ reference: FIRST });
    expect(calls()).toEqual(['chat.postMessage', 'chat.update']);
    expect(bodies()).toMatchObject([
      {
        channel: 'C024BE91L',
        thread_ts: '1700000000.000100',
        reply_broadcast: true,
        text: expect.stringMatching(/ESCALATED to ERROR.*possible duplicate/),
      },
      { channel: 'C024BE91L', ts: '1700000000.000100', text: expect.stringContaining('ESCALATED to ERROR') },
    ]);
    expect(JSON.stringify(bodies()[1])).not.toContain('possible duplicate');
  });

  it('sends a repeat to the thread alone', async () => {
    server.answer(200, slackOk(REPLY_TS));

    expect(await send(repeated)).toEqual({ reference: FIRST });
    expect(bodies()).toMatchObject([{ thread_ts: '1700000000.000100', reply_broadcast: false }]);
  });

  it('changes the message of what is resolved, with how long it lasted, then says so in the thread', async () => {
    server.answer(200, slackOk()).answer(200, slackOk(REPLY_TS));

    expect(await send(resolved)).toEqual({ reference: FIRST });
    expect(calls()).toEqual(['chat.update', 'chat.postMessage']);
    expect(JSON.stringify(bodies()[0])).toContain('Lasted\\n12 min');
    expect(bodies()).toMatchObject([
      { ts: '1700000000.000100', text: expect.stringContaining('RESOLVED') },
      { thread_ts: '1700000000.000100', reply_broadcast: false, text: expect.stringContaining('RESOLVED') },
    ]);
  });

  it('sends a raise that is handed an earlier message in full to its thread, and goes on from there', async () => {
    server.answer(200, slackOk(REPLY_TS));

    const receipt = await send({ kind: 'raised', earlier: { reference: FIRST } });
    expect(receipt).toEqual({ reference: `C024BE91L/${REPLY_TS}/1700000000.000100` });
    expect(bodies()).toMatchObject([{ thread_ts: '1700000000.000100', reply_broadcast: true }]);

    await send({ ...resolved, ...(receipt ? { earlier: receipt } : {}) });
    expect(bodies().slice(1)).toMatchObject([{ ts: REPLY_TS }, { thread_ts: '1700000000.000100' }]);
  });

  it.each(['message_not_found', 'cant_update_message', 'edit_window_closed', 'is_inactive'])(
    'posts what is resolved anew when its message can not be changed: %s',
    async (error) => {
      server.answer(200, refusal(error)).answer(200, slackOk(REPLY_TS));

      expect(await send(resolved)).toEqual({ reference: `C024BE91L/${REPLY_TS}` });
      expect(calls()).toEqual(['chat.update', 'chat.postMessage']);
      expect(bodies()[1]).not.toHaveProperty('thread_ts');
    },
  );

  it('posts an escalation anew when the thread is gone', async () => {
    server.answer(200, refusal('thread_not_found')).answer(200, slackOk(REPLY_TS));

    expect(await send(escalated)).toEqual({ reference: `C024BE91L/${REPLY_TS}` });
    expect(calls()).toEqual(['chat.postMessage', 'chat.postMessage']);
    expect(bodies()[1]).not.toHaveProperty('thread_ts');
  });

  it('posts an escalation in full below when the message was answered and can not be changed', async () => {
    server.answer(200, slackOk(REPLY_TS)).answer(200, refusal('edit_window_closed'));
    server.answer(200, slackOk('1700000010.000300'));

    expect(await send(escalated)).toEqual({ reference: 'C024BE91L/1700000010.000300' });
    expect(calls()).toEqual(['chat.postMessage', 'chat.update', 'chat.postMessage']);
  });

  it.each([
    ['fails', (to: ProviderServer) => to.answer(503)],
    ['is paused', (to: ProviderServer) => to.answer(429, '', { 'retry-after': '30' })],
    ['is reset', (to: ProviderServer) => to.reset()],
    ['breaks the channel', (to: ProviderServer) => to.answer(200, refusal('token_revoked'))],
  ])('counts an escalation as delivered when the edit after it %s', async (_, misbehave) => {
    misbehave(server.answer(200, slackOk(REPLY_TS)));

    expect(await send(escalated)).toMatchObject({ reference: FIRST });
    expect(calls()).toEqual(['chat.postMessage', 'chat.update']);
    expect(warned).toHaveBeenCalledWith(expect.stringContaining('still shows the lower level'));
  });

  it('hands the pause on that an edit was answered with, after the message was delivered', async () => {
    server.answer(200, slackOk(REPLY_TS)).answer(429, '', { 'retry-after': '30' });

    expect(await send(escalated)).toEqual({ reference: FIRST, pauseMs: 30_000 });
  });

  it('answers what is resolved also when the outcome of the edit is unknown', async () => {
    server.reset().answer(200, slackOk(REPLY_TS));

    expect(await send(resolved)).toEqual({ reference: FIRST });
    expect(calls()).toEqual(['chat.update', 'chat.postMessage']);
    expect(warned).toHaveBeenCalledWith(expect.stringContaining('may still show it as open'));
  });

  it('is ambiguous when an answer in the thread may have arrived', async () => {
    server.answer(200, slackOk()).hang();

    expect(await failure(resolved)).toMatchObject({ outcome: 'ambiguous' });
  });

  it.each(['', 'nonsense', '42/7/8/9', '-100/12', 'C1/<script>', 'x'.repeat(300)])(
    'posts anew when the earlier message is named by something that it did not say: %j',
    async (reference) => {
      server.answer(200, slackOk());

      expect(await send({ ...resolved, earlier: { reference } })).toEqual({ reference: FIRST });
      expect(bodies()[0]).toMatchObject({ channel: '#trading-alerts' });
    },
  );

  it('is delivered without a receipt when a gateway does not say where the message is', async () => {
    server.answer(200, '{"ok":true}');

    expect(await send({})).toBeUndefined();
  });

  it.each<[DeliveryFailure, readonly string[]]>([
    ['broken', ['invalid_auth', 'account_inactive', 'token_revoked', 'not_authed', 'missing_scope']],
    ['broken', ['channel_not_found', 'is_archived', 'not_in_channel']],
    ['transient', ['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout']],
    ['rejected', ['no_text', 'something_that_slack_adds_one_day']],
  ])('is %s after a 200 that refuses: %j', async (outcome, errors) => {
    for (const error of errors) {
      server.answer(200, refusal(error));
      expect([error, (await failure({}))?.outcome]).toEqual([error, outcome]);
    }
    expect(server.requests).toHaveLength(errors.length);
  });

  it('8: pauses after a 200 that says ratelimited, for as long as the header says', async () => {
    server.answer(200, refusal('ratelimited'), { 'retry-after': '30' });

    expect(await failure({})).toMatchObject({ outcome: 'rate_limited', retryAfterMs: 30_000 });
  });

  it.each(['{"ok":false}', '{"ok":"true"}', '[]', 'ok', '"ok"', '{"ok":true'])(
    'is ambiguous after a 200 with %s, which the Web API does not say',
    async (body) => {
      server.answer(200, body);

      expect(await failure({})).toMatchObject({ outcome: 'ambiguous' });
    },
  );

  it('sends a shorter message once when it is too long', async () => {
    server.answer(200, refusal('msg_too_long')).answer(200, slackOk()).answer(200, refusal('msg_too_long'));
    const long = { message: 'x'.repeat(20_000), fields: { Value: 'y'.repeat(9_000) } };

    expect(await failure(long)).toBeUndefined();
    const [first = 0, second = 0] = server.requests.map(({ body }) => body.length);
    expect(second).toBeLessThan(first / 1.5);

    expect(await failure(long)).toMatchObject({ outcome: 'too_large' });
    expect(server.requests).toHaveLength(4);
  });

  it('sends the text alone once when Slack can not show the blocks', async () => {
    server.answer(200, refusal('invalid_blocks')).answer(200, slackOk());
    server.answer(200, refusal('invalid_blocks'));

    expect(await failure({})).toBeUndefined();
    expect(bodies()[0]).toHaveProperty('blocks');
    expect(bodies()[1]).not.toHaveProperty('blocks');
    expect(bodies()[1]).toMatchObject({ text: expect.stringContaining('Drawdown') });

    expect(await failure({})).toMatchObject({ outcome: 'rejected' });
    expect(server.requests).toHaveLength(4);
  });

  it.each(HOSTILE_TEXTS)('20: sends %s as mere text in answers and edits too', async (_, text) => {
    server.answer(200, slackOk());
    for (const given of [escalated, repeated, resolved]) {
      await send({ ...given, title: text, message: text, fields: { [text]: text } });
    }

    expect(server.requests).toHaveLength(5);
    for (const { body } of server.requests) expect(body).not.toMatch(/[<>]|"mrkdwn"(?!:false)/);
  });

  it('says what Slack complained of', async () => {
    server.answer(200, refusal('not_in_channel'));

    expect((await failure({}))?.message).toBe(
      'Slack refuses this channel (200 not_in_channel): check alerts.slack.bot_token, that the app has the scope chat:write, and that it was invited to the channel of alerts.slack.channel.',
    );
  });

  it.each(['', ' ', 'xoxb-1\r\nX-Evil: 1', 'xoxb-ä'])(
    'refuses the token %j without repeating it',
    (botToken) => {
      expect(
        () => new SlackBot({ ...slackOptions.parse({}), apiRoot: server.url, botToken, channel: '#a' }, {}),
      ).toThrow(
        'alerts.slack.bot_token is empty or has characters that no token has (not shown: it is a secret). Correct it.',
      );
    },
  );
});
