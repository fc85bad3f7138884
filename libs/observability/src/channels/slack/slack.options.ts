import { type Objection, flag, httpUrl, rule, text } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level, requestTimeout } from '../channel-keys';

const section = z.strictObject({
  /** Notifies Slack. Needs `webhookUrl`, or `botToken` and `channel`. @default false */
  enabled: flag.prefault(false),
  /** URL of an incoming webhook of Slack's, or of a compatible gateway's. */
  webhookUrl: httpUrl('the http or https URL of an incoming webhook', { secret: true }).optional(),
  /** Token of a bot with the scope `chat:write`, instead of `webhookUrl`: one message per alert, which changes with it. */
  botToken: text({
    allowed: 'the token of a bot, which begins with xoxb-',
    pattern: /^[\x21-\x7e]+$/,
    secret: true,
  }).optional(),
  /** The channel that the bot writes to. Overrides the channel of a webhook, where the webhook allows it. */
  channel: text({
    allowed: 'the name of a channel such as "#trading-alerts", or its id',
    hidden: true,
  }).optional(),
  /** Slack is notified from this level on. @default 'INFO' */
  minLevel: level.prefault('INFO'),
  /** A request that takes longer may have arrived, and is sent once more. @unit ms @default '30s' */
  timeout: requestTimeout,
  /** Slack's Web API for the bot, or a compatible gateway's. @default 'https://slack.com/api' */
  apiRoot: httpUrl("the http or https URL of Slack's Web API").prefault('https://slack.com/api'),
});

/** Slack's options, with their defaults. */
export type SlackSection = z.output<typeof section>;

/** Slack is reached by one of two: a webhook, which has a channel, or a bot, which needs to be given one. */
function oneTransport({ enabled, webhookUrl, botToken, channel }: SlackSection): readonly Objection[] {
  const object = (key: keyof SlackSection, found: string, allowed: string): readonly Objection[] => [
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
