import { AlertLevel, type SuppressionReason } from '@opensqt/trading-events';
import type { AlertChannel } from './alert-channel';

/** The channel that is always told. */
export const LOG_CHANNEL = 'log';

/** What routing needs to know of a channel. */
export type Route = Pick<AlertChannel, 'name' | 'minLevel'>;

/** Whether a channel is told, or why not. */
export type RouteVerdict =
  | { readonly channel: string; readonly told: true }
  | { readonly channel: string; readonly told: false; readonly reason: SuppressionReason };

const RANK: Readonly<Record<AlertLevel, number>> = {
  [AlertLevel.Info]: 0,
  [AlertLevel.Warning]: 1,
  [AlertLevel.Error]: 2,
  [AlertLevel.Critical]: 3,
};

/** Orders levels: negative when the first is the quieter one. */
export function compareLevels(a: AlertLevel, b: AlertLevel): number {
  return RANK[a] - RANK[b];
}

/** Which channels are told of something at that level. A silence holds back all but the log. */
export function route(routes: readonly Route[], level: AlertLevel, silenced: boolean): RouteVerdict[] {
  return routes.map(({ name: channel, minLevel = AlertLevel.Info }) => {
    if (channel === LOG_CHANNEL) return { channel, told: true };
    if (silenced) return { channel, told: false, reason: 'silenced' };
    if (compareLevels(level, minLevel) < 0) return { channel, told: false, reason: 'below_channel_level' };
    return { channel, told: true };
  });
}
