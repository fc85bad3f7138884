import type { ResolvedAlerts } from '../options/alerts.options';
import { AlertmanagerChannel } from './alertmanager/alertmanager.channel';
import type { AlertChannel } from './channel';
import { DiscordChannel } from './discord/discord.channel';
import { EmailChannel } from './email/email.channel';
import { LogChannel } from './log/log.channel';
import { PagerDutyChannel } from './pagerduty/pagerduty.channel';
import { SlackBotChannel } from './slack/slack-bot.channel';
import { SlackChannel } from './slack/slack.channel';
import { TelegramChannel } from './telegram/telegram.channel';
import { WebhookChannel } from './webhook/webhook.channel';

/**
 * The channels in use, the log first: it cannot be switched off.
 *
 * @param own channels of the application's own
 * @throws Error when two have the same name
 */
export function makeChannels(alerts: ResolvedAlerts, own: readonly AlertChannel[]): AlertChannel[] {
  const channels: AlertChannel[] = [new LogChannel()];
  if (!alerts.enabled) return channels;
  const { slack, telegram, webhook, pagerduty, discord, alertmanager, email } = alerts;
  if (slack.enabled) {
    const { botToken, channel = '', webhookUrl = '' } = slack;
    channels.push(
      botToken === undefined
        ? new SlackChannel(given({ ...slack, webhookUrl }))
        : new SlackBotChannel(given({ ...slack, botToken, channel })),
    );
  }
  if (telegram.enabled) {
    const { botToken = '', chatId = '' } = telegram;
    channels.push(new TelegramChannel(given({ ...telegram, botToken, chatId })));
  }
  if (webhook.enabled) channels.push(new WebhookChannel(given({ ...webhook, url: webhook.url ?? '' })));
  if (pagerduty.enabled) {
    channels.push(new PagerDutyChannel(given({ ...pagerduty, routingKey: pagerduty.routingKey ?? '' })));
  }
  if (discord.enabled) {
    channels.push(new DiscordChannel(given({ ...discord, webhookUrl: discord.webhookUrl ?? '' })));
  }
  if (alertmanager.enabled) channels.push(new AlertmanagerChannel(given(alertmanager)));
  if (email.enabled) {
    channels.push(new EmailChannel(given({ ...email, host: email.host ?? '', from: email.from ?? '' })));
  }
  channels.push(...own);
  for (const [index, { name }] of channels.entries()) {
    if (channels.findIndex((other) => other.name === name) !== index) {
      throw new Error(`Two alert channels are called '${name}'. Give each a name of its own.`);
    }
  }
  return channels;
}

/** Options without the keys that are undefined. */
type Given<Options> = { [Key in keyof Options]: Exclude<Options[Key], undefined> };

function given<Options extends object>(options: Options): Given<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Given<Options>;
}
