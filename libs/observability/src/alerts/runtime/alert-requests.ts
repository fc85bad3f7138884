import type { AlertLevel } from '@opensqt/trading-events';
import type { WrittenMatchers } from '../policy/stages/matchers';

/** An alert that the application raises itself. */
export interface RaiseOptions {
  readonly level: AlertLevel;
  readonly title: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** @default 'manual' */
  readonly condition?: string;
  /** The subject of the alert: one is open per condition and labels. @default the title */
  readonly labels?: Readonly<Record<string, string>>;
  /** Send it once and leave nothing open. @default false */
  readonly oneOff?: boolean;
}

export interface SilenceOptions {
  /** The matchers, all of which an alert must match: `{ symbol: 'BTCUSDT' }` or `['symbol=~BTC.*', 'condition!=strategy_panic']`. */
  readonly matchers: WrittenMatchers;
  /** The time at which it begins, on the same clock. @default now */
  readonly startsAt?: number;
  /** The time at which it ends, epoch milliseconds on the clock that decisions run on. */
  readonly until: number;
  readonly reason: string;
  readonly by: string;
}

/** The outcome of a test message. */
export interface TestResult {
  readonly channel: string;
  readonly delivered: boolean;
  /** The provider's verdict, in words. */
  readonly detail: string;
}

/** A request to the alerts that cannot be fulfilled. */
export class AlertError extends Error {
  override readonly name = 'AlertError';

  constructor(
    readonly code:
      | 'UNKNOWN_ALERT'
      | 'UNKNOWN_SILENCE'
      | 'UNKNOWN_CHANNEL'
      | 'UNKNOWN_DEAD_LETTER'
      | 'AMBIGUOUS_ID'
      | 'INVALID_REQUEST'
      | 'INVALID_SILENCE'
      | 'TOO_LARGE',
    message: string,
  ) {
    super(message);
  }
}
