import type { AlertLevel } from '@opensqt/trading-events';
import type { WrittenMatchers } from './matchers';
import type { QuietHours } from './quiet-hours';

/** The channel that is notified of everything. */
export const LOG_CHANNEL = 'log';

/** A channel in use, and what it is notified of. */
export interface Channel {
  readonly name: string;
  readonly minLevel?: AlertLevel;
  /** What an alert must match; any alert when absent. */
  readonly match?: WrittenMatchers;
  /** Nothing but what is about CRITICAL alerts leaves in them. */
  readonly quietHours?: QuietHours;
  /** True: it is notified that somebody acknowledged what it was notified of. */
  readonly acknowledgements?: boolean;
  /** It is notified of CRITICAL alerts that were not acknowledged for so long (ms), and of nothing else. */
  readonly unacknowledgedAfter?: number;
}
