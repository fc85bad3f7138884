import type { Level, OpenAlertView } from '@opensqt/observability/console-api';

/** A row of the list of open alerts: one alert, or those of one condition and level where they are many. */
export type AlertRow =
  | { readonly kind: 'alert'; readonly alert: OpenAlertView }
  | {
      readonly kind: 'group';
      readonly condition: string;
      readonly level: Level;
      readonly summary: string;
      /** The longest open first. */
      readonly alerts: readonly OpenAlertView[];
    };

const MORE_THAN = 8;
const LEVELS = ['CRITICAL', 'ERROR', 'WARNING', 'INFO'] as const;

/** Worst first, then the longest open. */
const byWorst = (a: OpenAlertView, b: OpenAlertView): number =>
  LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || a.since - b.since || (a.id < b.id ? -1 : 1);

const keyOf = ({ condition, level }: OpenAlertView) => `${level} ${condition}`;

/** The rows of a list: more than eight of one condition and level become one, CRITICAL ones never. */
export function alertRows(alerts: readonly OpenAlertView[]): readonly AlertRow[] {
  const sorted = [...alerts].sort(byWorst);
  const groups = Map.groupBy(sorted, keyOf);
  const listed = new Set<string>();
  return sorted.flatMap((alert): AlertRow[] => {
    const key = keyOf(alert);
    const members = groups.get(key) ?? [];
    if (alert.level === 'CRITICAL' || members.length <= MORE_THAN) return [{ kind: 'alert', alert }];
    if (listed.has(key)) return [];
    listed.add(key);
    const { condition, level, summary } = alert;
    return [{ kind: 'group', condition, level, summary, alerts: members }];
  });
}

/** The number of open ones of each level, worst first: `6 CRITICAL · 12 ERROR`. */
export function levelCounts(alerts: readonly OpenAlertView[]): string {
  const counts = Map.groupBy(alerts, ({ level }) => level);
  return LEVELS.flatMap((level) => {
    const those = counts.get(level);
    return those ? [`${those.length} ${level}`] : [];
  }).join(' · ');
}

/** Those that contain every word of the filter in their title, labels, level or id. */
export function matching<Alert extends OpenAlertView>(
  alerts: readonly Alert[],
  filter: string,
): readonly Alert[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return alerts;
  return alerts.filter(({ id, level, condition, subject, summary, title, labels }) => {
    const text = [id, level, condition, subject, summary, title, ...Object.values(labels)]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
