import type { DurationMs, EpochMs } from '@opensqt/trading-events';
import type { AlertsState } from '../../alerts/model/alerts.state';
import type { Verdict } from '../../health/verdict';
import type { MetricsState } from '../../metrics/projection/metrics.state';
import type { WriterView } from '../api/overview';
import type { ConsoleState } from '../state/console.state';

/** A price that this process has seen. */
export interface SeenPrice {
  readonly price: string;
  readonly at: EpochMs;
  /** Real milliseconds since it came. */
  readonly age: DurationMs;
}

/** The part that only a process that runs knows; nothing of the past does. */
export interface LiveSources {
  readonly priceOf: (symbol: string) => SeenPrice | undefined;
  readonly staleAfter: DurationMs;
  /** Records per second in the last minute. */
  readonly rate: number | undefined;
  readonly waiting: number;
  readonly failure: string | undefined;
  readonly replaying: number | undefined;
  readonly writers: readonly WriterView[];
}

/** Everything that the overview of one position is made of. */
export interface OverviewSources {
  readonly bot: string;
  readonly position: number;
  readonly head: number;
  /** Market time of the newest record. */
  readonly time: EpochMs | undefined;
  readonly wallTime: EpochMs;
  readonly console: ConsoleState;
  readonly metrics: MetricsState;
  readonly alerts: Readonly<AlertsState>;
  readonly verdict: Verdict;
  /** Absent of the past. */
  readonly live?: LiveSources;
}
