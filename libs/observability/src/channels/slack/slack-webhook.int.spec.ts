import { describeChannelContract } from '../testing/channel.contract';
import { channelFrom } from '../testing/channel-from';
import { failureOfSending } from '../testing/failure-of-sending';
import { notification } from '../testing/notification';
import { type ProviderServer, startProviderServer } from '../testing/provider-server';
import { SlackWebhook } from './slack-webhook';
import { slack } from './slack.channel';
import { slackOptions } from './slack.options';

describeChannelContract('Slack by webhook', {
  channelTo: (url) =>
    channelFrom(slack, { webhookUrl: `${url}/services/T0AAAAAA/B0BBBBBB/x1y2z3` }, { timeoutMs: 1_000 }),
  confirmation: { status: 200, body: 'ok' },
  secrets: ['T0AAAAAA', 'B0BBBBBB', 'x1y2z3'],
});

describe('Slack by webhook', () => {
  let server: ProviderServer;
  beforeEach(async () => (server = await startProviderServer()));
  afterEach(() => server.close());

  const channel = (options: { readonly channel?: string } = {}) =>
    channelFrom(slack, { webhookUrl: `${server.url}/services/T0AAA/B0BBB/s3cr3t`, ...options });

  it('posts the message to the webhook', async () => {
    await channel({ channel: '#trading-alerts' }).send(notification(), new AbortController().signal);

    const [request] = server.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/services/T0AAA/B0BBB/s3cr3t',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      json: {
        channel: '#trading-alerts',
        text: expect.stringContaining('CRITICAL'),
        mrkdwn: false,
        link_names: false,
        unfurl_links: false,
      },
    });
  });

  it('names no channel unless one is configured', async () => {
    await channel().send(notification(), new AbortController().signal);

    expect(server.requests[0]?.json).not.toHaveProperty('channel');
  });

  it('says what Slack complained of', async () => {
    server.answer(404, 'channel_not_found');

    const failure = await failureOfSending(channel());

    expect(failure?.message).toBe(
      'Slack refuses this channel (404 channel_not_found): check alerts.slack.webhook_url, that the webhook was not revoked, and that the channel still exists.',
    );
  });

  it.each(['ok\n', ' ok', '{"ok":true}', '{"success":true}'])(
    'is delivered when a gateway answers %j',
    async (body) => {
      server.answer(200, body);

      expect(await failureOfSending(channel())).toBeUndefined();
    },
  );

  it.each([
    ['{"ok":false,"error":"channel_not_found"}', 'broken'],
    ['{"success":false,"error":"error-invalid-channel"}', 'broken'],
    ['{"success":false,"error":"text too odd"}', 'rejected'],
    ['{"ok":true,"error":"no"}', 'ambiguous'],
    ['okay', 'ambiguous'],
    ['{}', 'ambiguous'],
  ])('takes a 200 with %s for %s', async (body, outcome) => {
    server.answer(200, body);

    expect(await failureOfSending(channel())).toMatchObject({ outcome });
  });

  it.each([
    ['invalid_token', 'broken'],
    ['no_service', 'broken'],
    ['channel_is_archived', 'broken'],
    ['user_not_found', 'broken'],
    [
      '{"id":"web.incoming_webhook.invalid.app_error","message":"Invalid webhook","status_code":400}',
      'broken',
    ],
    ['{"success":false,"error":"invalid-channel"}', 'broken'],
    ['no_text', 'rejected'],
    ['too_many_attachments', 'rejected'],
  ])('takes a 400 with %s for %s', async (body, outcome) => {
    server.answer(400, body);

    expect(await failureOfSending(channel())).toMatchObject({ outcome });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    'invalid_blocks',
    'invalid_blocks_format\n',
    'invalid_payload',
    '{"ok":false,"error":"invalid_blocks"}',
  ])('sends the text alone, once, after %s', async (complaint) => {
    server.answer(400, complaint).answer(200, 'ok').answer(400, complaint);

    expect(await failureOfSending(channel())).toBeUndefined();
    expect(server.requests.map(({ json }) => 'blocks' in (json ?? {}))).toEqual([true, false]);
    expect(server.requests[1]?.json).toMatchObject({ text: expect.stringContaining('Circuit breaker') });

    expect(await failureOfSending(channel())).toMatchObject({ outcome: 'rejected' });
    expect(server.requests).toHaveLength(4);
  });

  it('shortens once what is too large', async () => {
    server.answer(413).answer(200, 'ok');
    const long = notification({ message: 'x'.repeat(20_000) });

    expect(await failureOfSending(channel(), undefined, long)).toBeUndefined();

    const [first = 0, second = 0] = server.requests.map(({ body }) => body.length);
    expect(server.requests).toHaveLength(2);
    expect(second).toBeLessThan(first / 2);
  });

  it('gives up on what is still too large', async () => {
    server.answer(413);

    expect(await failureOfSending(channel())).toMatchObject({ outcome: 'too_large' });
    expect(server.requests).toHaveLength(2);
  });

  it.each(['not a url', 'ftp://hooks.example/s3cr3t', ''])(
    'refuses the webhook "%s" without repeating it',
    (url) => {
      const make = (): unknown => new SlackWebhook({ ...slackOptions.parse({}), webhookUrl: url }, {});

      expect(make).toThrow(
        'alerts.slack.webhook_url is not a complete http:// or https:// URL (not shown: it is a secret). Correct it.',
      );
    },
  );
});
