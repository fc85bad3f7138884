import fc from 'fast-check';
import { type DiscordMessage, discordMessage, escapeMarkdown } from './discord-message';
import { describeChannelContract } from '../testing/channel.contract';
import { channelFrom } from '../testing/channel-from';
import { failureOfSending } from '../testing/failure-of-sending';
import { notification } from '../testing/notification';
import { type ProviderServer, startProviderServer } from '../testing/provider-server';
import type { AlertChannel } from '../channel';
import { discord } from './discord.channel';

const OK = '{"id":"1242342342342342"}';

describeChannelContract('Discord', {
  channelTo: (url) =>
    channelFrom(discord, { webhookUrl: `${url}/api/webhooks/99887766/t0k-3n_x` }, { timeoutMs: 1_000 }),
  confirmation: { status: 200, body: OK },
  secrets: ['99887766', 't0k-3n_x'],
  expectInert: ({ json }) => {
    expect(json).toMatchObject({ allowed_mentions: { parse: [] } });
    const { content, embeds } = json as {
      readonly content: string;
      readonly embeds: readonly {
        readonly description?: string;
        readonly fields: readonly { readonly name: string; readonly value: string }[];
      }[];
    };
    const { description = '', fields = [] } = embeds[0] ?? {};
    for (const text of [content, description, ...fields.flatMap(({ name, value }) => [name, value])]) {
      expect(text.replace(/\\[^\p{L}\p{N}\s]/gu, '')).not.toMatch(/[\\*_~|`<>[\]()#@:]/);
    }
  },
});

describe('DiscordChannel', () => {
  let server: ProviderServer;
  beforeEach(async () => (server = await startProviderServer()));
  afterEach(() => server.close());

  const channel = (query = '') =>
    channelFrom(discord, { webhookUrl: `${server.url}/api/webhooks/42/s3cr3t${query}` });

  it('posts the message and waits for it to be there', async () => {
    server.answer(200, OK);

    expect(await failureOfSending(channel('?thread_id=7'))).toBeUndefined();

    expect(server.requests[0]?.path).toBe('/api/v10/webhooks/42/s3cr3t?thread_id=7&wait=true');
    expect(server.requests[0]?.json).toEqual({
      content: '🔴 CRITICAL · Circuit breaker tripped\\: BTCUSDT',
      allowed_mentions: { parse: [] },
      embeds: [
        {
          color: 0xe74c3c,
          description: 'Drawdown reached 6 % \\(limit 5 %\\). Trading is stopped.',
          fields: [
            { name: 'Scope', value: 'BTCUSDT', inline: true },
            { name: 'Threshold', value: '5 %', inline: true },
          ],
          footer: { text: '2026-11-24 03:12:07 UTC · alert 0192f0c1' },
          timestamp: '2026-11-24T03:12:07.000Z',
        },
      ],
    });
  });

  it.each([
    ['the body', {}, '{"message":"You are being rate limited.","retry_after":2.57,"global":false}', 2_570],
    ['the reset header', { 'x-ratelimit-reset-after': '1.25' }, '', 1_250],
    [
      'the longer of both',
      { 'x-ratelimit-reset-after': '4.5', 'retry-after': '3' },
      '{"retry_after":2}',
      4_500,
    ],
  ] as const)('pauses after a 429 for what %s says', async (_, headers, body, retryAfterMs) => {
    server.answer(429, body, headers);

    expect(await failureOfSending(channel())).toMatchObject({ outcome: 'rate_limited', retryAfterMs });
  });

  it('sends nothing while Discord says that nothing remains, and goes on afterwards', async () => {
    const discord = channel();
    server
      .answer(200, OK, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '0.4' })
      .answer(200, OK);
    await failureOfSending(discord);

    const held = await failureOfSending(discord);
    expect(held).toMatchObject({ outcome: 'rate_limited' });
    expect(held?.retryAfterMs).toBeGreaterThan(0);
    expect(held?.retryAfterMs).toBeLessThanOrEqual(400);
    expect(server.requests).toHaveLength(1);

    await expect(untilDelivered(discord)).resolves.toBeUndefined();
    expect(server.requests).toHaveLength(2);
  });

  it('goes on while something remains', async () => {
    const discord = channel();
    server.answer(200, OK, { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset-after': '60' });

    expect(await failureOfSending(discord)).toBeUndefined();
    expect(await failureOfSending(discord)).toBeUndefined();
  });

  it('says what Discord complained of', async () => {
    server.answer(404, '{"message": "Unknown Webhook", "code": 10015}');

    expect((await failureOfSending(channel()))?.message).toBe(
      'Discord refuses this channel (404 Unknown Webhook): check alerts.discord.webhook_url, and that the webhook and its channel still exist.',
    );
  });
});

describe('discordMessage', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), fc.nat(3_000))
      .map(([text, times]) => text.repeat(times)),
    fc.constantFrom('@everyone', '*'.repeat(5_000), '[a](https://b)', '👩‍👩‍👧‍👦'.repeat(900)),
  );

  it('keeps any notification within every limit of Discord', () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        fc.array(fc.tuple(anyText, anyText), { maxLength: 40 }),
        fc.constantFrom('full' as const, 'short' as const),
        (title, message, fields, size) => {
          const given = notification({ title, message, fields: Object.fromEntries(fields) });
          const made: DiscordMessage = discordMessage({ ...given, possibleDuplicate: true }, size);
          const [embed] = made.embeds;
          const texts = embed.fields.flatMap(({ name, value }) => [name, value]);

          expect(made.content.length).toBeLessThanOrEqual(2_000);
          expect(embed.description?.length ?? 1).toBeLessThanOrEqual(4_096);
          expect(embed.fields.length).toBeLessThanOrEqual(25);
          for (const { name, value } of embed.fields) {
            expect(name.length).toBeGreaterThan(0);
            expect(name.length).toBeLessThanOrEqual(256);
            expect(value.length).toBeGreaterThan(0);
            expect(value.length).toBeLessThanOrEqual(1_024);
          }
          const all = [embed.description ?? '', embed.footer?.text ?? '', ...texts].join('');
          expect(all.length).toBeLessThanOrEqual(size === 'full' ? 6_000 : 1_500);
          expect(all + made.content).not.toMatch(/\p{Cs}/u);
        },
      ),
    );
  });

  it('says how many fields it left out, and what is unusual', () => {
    const fields = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`f${n}`, String(n)]));

    expect(discordMessage(notification({ fields, possibleDuplicate: true })).embeds[0].footer).toEqual({
      text: '2026-11-24 03:12:07 UTC · alert 0192f0c1 · possible duplicate · 5 more fields not shown',
    });
  });

  it('escapes what begins anything in Markdown, and only that', () => {
    expect(escapeMarkdown('**a** [b](https://c) <@1> @all #h `x` -5.25 % 1/2')).toBe(
      String.raw`\*\*a\*\* \[b\]\(https\://c\) \<\@1\> \@all \#h \`x\` -5.25 % 1/2`,
    );
  });
});

/** Asks again, as the delivery would, until the message was taken. */
async function untilDelivered(channel: AlertChannel): Promise<void> {
  for (;;) {
    const failure = await failureOfSending(channel);
    if (failure === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, failure.retryAfterMs));
  }
}
