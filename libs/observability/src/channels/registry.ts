import { alertmanager } from './alertmanager/alertmanager.channel';
import type { ChannelDefinition } from './channel-definition';
import { discord } from './discord/discord.channel';
import { email } from './email/email.channel';
import { ntfy } from './ntfy/ntfy.channel';
import { pagerduty } from './pagerduty/pagerduty.channel';
import { slack } from './slack/slack.channel';
import { telegram } from './telegram/telegram.channel';
import { webhook } from './webhook/webhook.channel';

/**
 * The built-in channels besides the log. A line each: options, secrets, keys of the configuration, providers, tests of the contract
 * and documentation follow from it.
 */
export const BUILT_IN_CHANNELS = [
  slack,
  telegram,
  webhook,
  pagerduty,
  discord,
  ntfy,
  alertmanager,
  email,
] as const;

type BuiltIn = (typeof BUILT_IN_CHANNELS)[number];

/** The name of a built-in channel that has options. */
export type ChannelName = BuiltIn['name'];

type ChannelSections = {
  readonly [Definition in BuiltIn as Definition['name']]: Definition['options'];
};

/** The sections of the channels, by their names. */
export const channelOptions = Object.fromEntries(
  (BUILT_IN_CHANNELS as readonly ChannelDefinition[]).map(({ name, options }) => [name, options]),
) as unknown as ChannelSections;
