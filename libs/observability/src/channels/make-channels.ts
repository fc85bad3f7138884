import type { AlertChannel } from '../alerts/alert-channel';
import { LogChannel } from './log.channel';
import { SlackChannel, type SlackChannelOptions } from './slack.channel';
import { TelegramChannel, type TelegramChannelOptions } from './telegram.channel';

/** Which channels are wanted besides the log. */
export interface WantedChannels {
  /** False: the log channel alone. */
  readonly enabled: boolean;
  readonly slack: SlackChannelOptions | undefined;
  readonly telegram: TelegramChannelOptions | undefined;
  /** Channels of the application's own. */
  readonly own: readonly AlertChannel[];
}

/**
 * The channels in use, the log first: it cannot be switched off.
 *
 * @throws Error when two have the same name
 */
export function makeChannels({ enabled, slack, telegram, own }: WantedChannels): AlertChannel[] {
  const channels: AlertChannel[] = [new LogChannel()];
  if (!enabled) return channels;
  if (slack !== undefined) channels.push(new SlackChannel(slack));
  if (telegram !== undefined) channels.push(new TelegramChannel(telegram));
  channels.push(...own);
  for (const [index, { name }] of channels.entries()) {
    if (channels.findIndex((other) => other.name === name) !== index) {
      throw new Error(`Two alert channels are called '${name}'. Give each a name of its own.`);
    }
  }
  return channels;
}
