import { AlertmanagerChannel } from '../alertmanager/alertmanager.channel';
import { DiscordChannel } from '../discord/discord.channel';
import { PagerDutyChannel } from '../pagerduty/pagerduty.channel';
import { SlackBotChannel } from '../slack/slack-bot.channel';
import { SlackChannel } from '../slack/slack.channel';
import { TelegramChannel } from '../telegram/telegram.channel';
import { WebhookChannel } from '../webhook/webhook.channel';
import type { ChannelContract } from './channel.contract';
import { TELEGRAM_OK, slackOk } from './provider-server';

const timeoutMs = 300;
const TOKEN = '123456789:AAF-q8w7_e6r5';
const KEY = 'R0123456789abcdefABCDEF012345678';

/** The built-in channels over HTTP, by how their providers are called, with secrets that can be told from anything else. */
export const BUILT_IN_CHANNELS: Readonly<Record<string, ChannelContract>> = {
  Slack: {
    channelTo: (url) =>
      new SlackChannel({ webhookUrl: `${url}/services/T0AAAAAA/B0BBBBBB/x1y2z3`, timeoutMs }),
    confirmation: { status: 200, body: 'ok' },
    secrets: ['T0AAAAAA', 'B0BBBBBB', 'x1y2z3'],
  },
  'Slack by bot': {
    channelTo: (apiRoot) =>
      new SlackBotChannel({
        botToken: 'xoxb-112233445566-778899001122-AbCdEf9876',
        channel: '#trading-alerts',
        apiRoot,
        timeoutMs,
      }),
    confirmation: { status: 200, body: slackOk() },
    secrets: ['xoxb-112233445566-778899001122-AbCdEf9876', '112233445566', 'AbCdEf9876'],
    expectInert: ({ body, json }) => {
      expect(json).toMatchObject({ mrkdwn: false, link_names: false, unfurl_links: false });
      expect(body).not.toMatch(/[<>]|"mrkdwn"(?!:false)/);
      expect(body.length).toBeLessThan(64 * 1_024);
    },
  },
  Telegram: {
    channelTo: (apiRoot) => new TelegramChannel({ botToken: TOKEN, chatId: '42', apiRoot, timeoutMs }),
    confirmation: { status: 200, body: TELEGRAM_OK },
    secrets: ['123456789', 'AAF-q8w7_e6r5'],
  },
  'A webhook': {
    channelTo: (url) =>
      new WebhookChannel({
        url: `${url}/desk-4711/alerts-0815?key=q1w2e3r4`,
        secret: 'hmac-k3y-9876',
        headers: { Authorization: 'Bearer b3arer-5432' },
        timeoutMs,
      }),
    confirmation: { status: 200, body: '{}' },
    anyBodyConfirms: true,
    secrets: ['desk-4711', 'alerts-0815', 'q1w2e3r4', 'hmac-k3y-9876', 'b3arer-5432'],
  },
  PagerDuty: {
    channelTo: (apiRoot) => new PagerDutyChannel({ routingKey: KEY, apiRoot, timeoutMs }),
    confirmation: {
      status: 202,
      body: '{"status":"success","message":"Event processed","dedup_key":"k"}',
    },
    secrets: [KEY],
    expectInert: ({ body, json }) => {
      const { payload } = json as { readonly payload: { readonly summary: string; readonly source: string } };
      expect(payload.summary.length).toBeLessThanOrEqual(1_024);
      expect(payload.source).not.toBe('');
      expect(Buffer.byteLength(body)).toBeLessThan(512 * 1_024);
    },
  },
  Discord: {
    channelTo: (url) =>
      new DiscordChannel({ webhookUrl: `${url}/api/webhooks/99887766/t0k-3n_x`, timeoutMs }),
    confirmation: { status: 200, body: '{"id":"1","type":0,"content":""}' },
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
  },
  Alertmanager: {
    channelTo: (url) =>
      new AlertmanagerChannel({
        urls: [`${url.replace('//', '//operator:p4ssw0rd@')}/pr3fix-route`],
        timeoutMs,
      }),
    confirmation: { status: 200, body: '' },
    secrets: ['p4ssw0rd', 'pr3fix-route'],
    expectInert: ({ json }) => {
      const [alert] = Object.values(json ?? {}) as {
        readonly labels: object;
        readonly annotations: object;
      }[];
      for (const name of [...Object.keys(alert?.labels ?? {}), ...Object.keys(alert?.annotations ?? {})]) {
        expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
      }
      expect(Object.values(alert?.labels ?? {})).not.toContain('');
    },
  },
};
