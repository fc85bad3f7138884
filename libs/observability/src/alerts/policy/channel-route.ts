import type { AlertLevel } from '@opensqt/trading-events';
import type { WrittenMatchers } from './stages/matchers';
import type { QuietHours } from './stages/quiet-hours';

/** The channel that is notified of everything. */
export const LOG_CHANNEL = 'log';

/** A channel in use, and what it is notified of. */
export interface Channel {
  readonly name: string;
  readonly minLevel?: AlertLevel | undefined;
  /** The matchers of its alerts; any alert when absent. */
  readonly match?: WrittenMatchers | undefined;
  /** Nothing but what is about CRITICAL alerts leaves in them. */
  readonly quietHours?: QuietHours | undefined;
  /** True: it is notified that somebody acknowledged what it was notified of. */
  readonly acknowledgements?: boolean | undefined;
  /** True where everything that is sent shows as an open incident. */
  readonly opensIncidents?: boolean | undefined;
  /** It is notified of CRITICAL alerts that were not acknowledged for so long (ms), and of nothing else. */
  readonly unacknowledgedAfter?: number | undefined;
}
