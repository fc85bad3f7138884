import { AlertLevel, type EpochMs, type SuppressionReason } from '@opensqt/trading-events';
import type { QuietHours } from '../../options/routes.options';
import { quietUntil } from './quiet-hours';
import { type SilenceSubject, hasLabels } from './silence';

/** The channel that gets everything. */
export const LOG_CHANNEL = 'log';

/** The alerts that a channel gets. */
export interface Route {
  /** The channel's name. */
  readonly name: string;
  readonly minLevel?: AlertLevel | undefined;
  /** Labels (and `condition`) that an alert must all have; any alert when absent. */
  readonly match?: Readonly<Record<string, string>> | undefined;
  /** Only CRITICAL is sent in them; what still fires when they end is sent then. */
  readonly quietHours?: QuietHours | undefined;
  /** True where the channel gets acknowledgements of what it was sent. */
  readonly acknowledgements?: boolean | undefined;
  /** True where everything that is sent shows as an open incident. */
  readonly opensIncidents?: boolean | undefined;
  /** The channel gets CRITICAL alerts that nobody has acknowledged for so long (ms), and nothing else. */
  readonly unacknowledgedAfter?: number | undefined;
}

/** An alert to route. */
export interface RoutedAlert extends SilenceSubject {
  readonly level: AlertLevel;
  readonly silenced: boolean;
  readonly now: EpochMs;
}

/** The verdict on a channel: it is notified, or why not, and until when where that ends by itself. */
export type RouteVerdict =
  | { readonly channel: string; readonly notified: true }
  | {
      readonly channel: string;
      readonly notified: false;
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

/** Decides which channels are notified, and of the others why not. A silence holds back all but the log. */
export function route(routes: readonly Route[], alert: RoutedAlert): RouteVerdict[] {
  return routes.map((one) => routeTo(one, alert));
}

function routeTo(
  { name: channel, minLevel = AlertLevel.Info, match = {}, quietHours, unacknowledgedAfter }: Route,
  { level, silenced, now, labels, condition }: RoutedAlert,
): RouteVerdict {
  const withheld = (reason: SuppressionReason, until?: EpochMs): RouteVerdict => ({
    channel,
    notified: false,
    reason,
    ...(until === undefined ? {} : { until }),
  });
  if (channel === LOG_CHANNEL) return { channel, notified: true };
  if (silenced) return withheld('silenced');
  if (!hasLabels({ labels, condition }, match)) return withheld('not_matched');
  if (compareLevels(level, minLevel) < 0) return withheld('below_channel_level');
  if (unacknowledgedAfter !== undefined) {
    return level === AlertLevel.Critical
      ? withheld('awaiting_acknowledgement', now + unacknowledgedAfter)
      : withheld('below_channel_level');
  }
  const quiet =
    level === AlertLevel.Critical || quietHours === undefined ? undefined : quietUntil(quietHours, now);
  return quiet === undefined ? { channel, notified: true } : withheld('quiet_hours', quiet);
}
