import { alertmanagerOptions } from './alertmanager/alertmanager.options';
import { discordOptions } from './discord/discord.options';
import { emailOptions } from './email/email.options';
import { pagerdutyOptions } from './pagerduty/pagerduty.options';
import { slackOptions } from './slack/slack.options';
import { telegramOptions } from './telegram/telegram.options';
import { webhookOptions } from './webhook/webhook.options';

/** The sections of the channels, by their names. */
export const channelOptions = {
  slack: slackOptions,
  telegram: telegramOptions,
  webhook: webhookOptions,
  pagerduty: pagerdutyOptions,
  discord: discordOptions,
  alertmanager: alertmanagerOptions,
  email: emailOptions,
} as const;

/** The name of a built-in channel that has options. */
export type ChannelName = keyof typeof channelOptions;
