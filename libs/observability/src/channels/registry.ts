import type { AlertChannel } from './channel';
import { AlertmanagerChannel } from './alertmanager/alertmanager.channel';
import type { FurtherChannelsSettings } from './channel-settings';
import { DiscordChannel } from './discord/discord.channel';
import { EmailChannel } from './email/email.channel';
import { LogChannel } from './log/log.channel';
import { PagerDutyChannel } from './pagerduty/pagerduty.channel';
import { SlackBotChannel, type SlackBotChannelOptions } from './slack/slack-bot.channel';
import { SlackChannel, type SlackChannelOptions } from './slack/slack.channel';
import { TelegramChannel, type TelegramChannelOptions } from './telegram/telegram.channel';
import { WebhookChannel } from './webhook/webhook.channel';

/** Which channels are wanted besides the log. */
export interface WantedChannels extends FurtherChannelsSettings {
  /** False: the log channel alone. */
  readonly enabled: boolean;
  /** By webhook or by bot. */
  readonly slack: SlackChannelOptions | SlackBotChannelOptions | undefined;
  readonly telegram: TelegramChannelOptions | undefined;
  /** Channels of the application's own. */
  readonly own: readonly AlertChannel[];
}

/**
 * The channels in use, the log first: it cannot be switched off.
 *
 * @throws Error when two have the same name
 */
export function makeChannels(wanted: WantedChannels): AlertChannel[] {
  const { enabled, slack, telegram, webhook, pagerduty, discord, alertmanager, email, own } = wanted;
  const channels: AlertChannel[] = [new LogChannel()];
  if (!enabled) return channels;
  if (slack !== undefined) {
    channels.push('botToken' in slack ? new SlackBotChannel(slack) : new SlackChannel(slack));
  }
  if (telegram !== undefined) channels.push(new TelegramChannel(telegram));
  if (webhook !== undefined) channels.push(new WebhookChannel(webhook));
  if (pagerduty !== undefined) channels.push(new PagerDutyChannel(pagerduty));
  if (discord !== undefined) channels.push(new DiscordChannel(discord));
  if (alertmanager !== undefined) channels.push(new AlertmanagerChannel(alertmanager));
  if (email !== undefined) channels.push(new EmailChannel(email));
  channels.push(...own);
  for (const [index, { name }] of channels.entries()) {
    if (channels.findIndex((other) => other.name === name) !== index) {
      throw new Error(`Two alert channels are called '${name}'. Give each a name of its own.`);
    }
  }
  return channels;
}
