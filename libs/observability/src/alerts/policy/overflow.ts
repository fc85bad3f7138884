import { type AlertsState, OVERFLOW } from '../model/alerts.state';
import type { RaiseVerdict } from '../rules/alert-rule';

/** Open alerts of one condition; what is raised beyond them is counted by one alert more. */
export const MAX_OPEN_ALERTS = 1_000;

/** True when there are as many open alerts of the condition as there may be. */
export function hasOverflowed(
  { conditions }: Readonly<Pick<AlertsState, 'conditions'>>,
  condition: string,
): boolean {
  return (conditions.get(condition) ?? 0) >= MAX_OPEN_ALERTS;
}

/** One alert about all that is beyond the limit; each of them counts as its repeat. */
export function overflow(condition: string, { level, title, message, fields }: RaiseVerdict): RaiseVerdict {
  return {
    verdict: 'raise',
    labels: { [OVERFLOW]: 'true' },
    level,
    title: `Over ${MAX_OPEN_ALERTS} alerts of ${condition} are open`,
    message: `More are counted here and not sent one by one. Last: ${title}: ${message}`,
    fields,
  };
}

/** The end of the alert that counts the others. */
export function overflowEnd(condition: string) {
  const words = {
    title: `Fewer than ${MAX_OPEN_ALERTS} alerts of ${condition} are open`,
    message: 'What was only counted, and still holds, is raised when it is stated again.',
    fields: {},
  };
  return { words, reason: 'fewer are open' } as const;
}
