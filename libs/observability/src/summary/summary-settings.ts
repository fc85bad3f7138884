import { type DailyTime, dailyTimeFault } from './daily-time';

/** When the daily summary is told, and to whom. */
export interface SummarySettings extends DailyTime {
  /** Undefined: the channels that it suits. */
  readonly channels: readonly string[] | undefined;
}

interface SummaryOptions {
  readonly at?: string;
  readonly timezone?: string;
  readonly channels?: readonly string[];
}

/** Resolves the defaults; what is wrong goes to `violations`. Undefined: no summary. */
export function summaryOf(options: SummaryOptions = {}, violations: string[]): SummarySettings | undefined {
  const { at, timezone: timeZone = 'UTC', channels } = options;
  if (at === undefined) return undefined;
  const fault = dailyTimeFault({ at, timeZone });
  if (fault !== undefined) violations.push(`alerts.summary.${fault}`);
  return { at, timeZone, channels };
}
