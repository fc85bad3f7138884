import { AlertLevel, type EpochMs, type SuppressionReason } from '@opensqt/trading-events';
import type { QuietHours } from '../../options/routes.options';
import { quietUntil } from './quiet-hours';
import { type SilenceSubject, hasLabels } from './silence';

/** The channel that is always told. */
export const LOG_CHANNEL = 'log';

/** What a channel is told of. */
export interface Route {
  /** The channel's name. */
  readonly name: string;
  readonly minLevel?: AlertLevel | undefined;
  /** Labels (and `condition`) that an alert must all have; any alert when absent. */
  readonly match?: Readonly<Record<string, string>> | undefined;
  /** Nothing but CRITICAL is told in them; what still fires when they end is told then. */
  readonly quietHours?: QuietHours | undefined;
  /** Whether the channel is told that somebody has taken on what it was told of. */
  readonly acknowledgements?: boolean | undefined;
  /** True where everything that is sent shows as an open incident. */
  readonly opensIncidents?: boolean | undefined;
  /** The channel gets CRITICAL alerts that nobody has acknowledged for so long (ms), and nothing else. */
  readonly unacknowledgedAfter?: number | undefined;
}

/** What is to be told, or not. */
export interface RoutedAlert extends SilenceSubject {
  readonly level: AlertLevel;
  readonly silenced: boolean;
  readonly now: EpochMs;
}

/** Whether a channel is told, or why not, and until when that holds where it ends by itself. */
export type RouteVerdict =
  | { readonly channel: string; readonly told: true }
  | {
      readonly channel: string;
      readonly told: false;
      readonly reason: SuppressionReason;
      readonly until?: EpochMs;
    };

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

/** Which channels are told, and of the others why not. A silence holds back all but the log. */
export function route(routes: readonly Route[], alert: RoutedAlert): RouteVerdict[] {
  return routes.map((one) => routeTo(one, alert));
}

function routeTo(
  { name: channel, minLevel = AlertLevel.Info, match = {}, quietHours, unacknowledgedAfter }: Route,
  { level, silenced, now, labels, condition }: RoutedAlert,
): RouteVerdict {
  const untold = (reason: SuppressionReason, until?: EpochMs): RouteVerdict => ({
    channel,
    told: false,
    reason,
    ...(until === undefined ? {} : { until }),
  });
  if (channel === LOG_CHANNEL) return { channel, told: true };
  if (silenced) return untold('silenced');
  if (!hasLabels({ labels, condition }, match)) return untold('not_matched');
  if (compareLevels(level, minLevel) < 0) return untold('below_channel_level');
  if (unacknowledgedAfter !== undefined) {
    return level === AlertLevel.Critical
      ? untold('awaiting_acknowledgement', now + unacknowledgedAfter)
      : untold('below_channel_level');
  }
  const quiet =
    level === AlertLevel.Critical || quietHours === undefined ? undefined : quietUntil(quietHours, now);
  return quiet === undefined ? { channel, told: true } : untold('quiet_hours', quiet);
}
