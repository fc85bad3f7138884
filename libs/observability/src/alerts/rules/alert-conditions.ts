import type { AlertCondition } from './alert-rule';
import { DIGEST } from '../policy/throttle';
import { EVENT_LOG_CONDITIONS } from './event-log-conditions';
import { ALERT_RULES } from './alert-rules';

/** A channel cannot deliver. */
export const CHANNEL_BROKEN = 'channel_broken';

/**
 * Trading ended by itself. Whoever runs the trading raises it with this condition: while it is open, heartbeats are withheld.
 *
 * @example
 * await alerts.raise({ condition: TRADING_ENDED, labels: { exchange }, level: AlertLevel.Critical, title, message });
 */
export const TRADING_ENDED = 'trading_ended';

/** The dead-man's switch cannot be reached. */
export const HEARTBEAT_FAILING = 'heartbeat_failing';

/** What was raised from code without a condition of its own. */
export const MANUAL = 'manual';

/** Every condition there is, besides those of an application's own. Each has a page in `docs/runbooks`. */
export const ALERT_CONDITIONS: readonly AlertCondition[] = [
  ...ALERT_RULES.map(({ condition }) => condition),
  CHANNEL_BROKEN,
  TRADING_ENDED,
  HEARTBEAT_FAILING,
  DIGEST,
  ...EVENT_LOG_CONDITIONS.map(({ name }) => name),
  MANUAL,
];
