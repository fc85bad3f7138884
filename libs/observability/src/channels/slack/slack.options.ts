import { type Objection, flag, httpUrl, rule, text } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level } from '../channel-level';

const section = z.strictObject({
  /** @default false */
  enabled: flag
    .prefault(false)
    .describe('Whether Slack is notified. Needs `webhookUrl`, or `botToken` and `channel`.'),
  /** An incoming webhook, or a compatible gateway's; this or `botToken`. A secret. */
  webhookUrl: httpUrl('the http or https URL of an incoming webhook', { secret: true })
    .optional()
    .describe("Slack's or a compatible gateway's URL."),
  /** Of a bot with the scope `chat:write`, which can edit and answer its messages; this or `webhookUrl`. A secret. */
  botToken: text({
    allowed: 'the token of a bot, which begins with xoxb-',
    pattern: /^[\x21-\x7e]+$/,
    secret: true,
  })
    .optional()
    .describe(
      'Token of a bot with the scope `chat:write`, instead of `webhookUrl`: one message per alert, which changes with it.',
    ),
  /** The channel that the bot writes to. With a webhook it overrides the webhook's own, where the webhook allows it. */
  channel: text({ allowed: 'the name of a channel such as "#trading-alerts", or its id', hidden: true })
    .optional()
    .describe('Where the bot writes to. Overrides the channel of a webhook, where the webhook allows it.'),
  /** Notifications below this level are not sent here. @default 'INFO' */
  minLevel: level.prefault('INFO').describe('Slack is notified from this level on.'),
  /** Slack's Web API for the bot, or a compatible gateway's. @default 'https://slack.com/api' */
  apiRoot: httpUrl("the http or https URL of Slack's Web API")
    .prefault('https://slack.com/api')
    .describe("Slack's Web API for the bot, or a compatible gateway's."),
});

type Section = z.output<typeof section>;

/** Slack is reached by one of two: a webhook, which has a channel, or a bot, which needs to be given one. */
function oneTransport({ enabled, webhookUrl, botToken, channel }: Section): readonly Objection[] {
  const object = (key: keyof Section, found: string, allowed: string): readonly Objection[] => [
    { path: [key], found, allowed },
  ];
  if (!enabled) return [];
  if (webhookUrl !== undefined && botToken !== undefined) {
    return object('botToken', 'a token beside webhookUrl', 'one of the two: a webhook, or a bot');
  }
  if (botToken !== undefined && channel === undefined) {
    return object('channel', 'nothing', 'the channel that the bot writes to while botToken is given');
  }
  if (webhookUrl !== undefined || botToken !== undefined) return [];
  return object(
    'webhookUrl',
    'nothing',
    'a value while alerts.slack.enabled is true, such as ${SLACK_WEBHOOK_URL}, or botToken and channel',
  );
}

/** Slack, by webhook or by bot. */
export const slackOptions = section
  .superRefine(rule(['enabled', 'webhookUrl', 'botToken', 'channel'], oneTransport))
  .prefault({})
  .describe('Slack, through an incoming webhook or a bot.');
