import type { LogRecord } from '@opensqt/event-log';
import { alertsProjection, isAlertEvent } from '@opensqt/observability/replay';
import type { ShownAlert } from './flaky-alertmanager';

/** Compares the alerts that are open by the log with those that Alertmanager shows, with all their labels. */
export function strayAlerts(records: readonly LogRecord[], shown: readonly ShownAlert[]): string[] {
  const open = openAlerts(records);
  const firing = shown.map(({ labels }) => written(labels));
  return [
    ...open.filter((alert) => !firing.includes(alert)).map((alert) => `open, and not firing there: ${alert}`),
    ...firing.filter((alert) => !open.includes(alert)).map((alert) => `firing there, and not open: ${alert}`),
  ];
}

/** The alerts that are open, but for those that are held back from Alertmanager. */
function openAlerts(records: readonly LogRecord[]): readonly string[] {
  let state = alertsProjection.initial();
  for (const { event } of records) if (isAlertEvent(event)) state = alertsProjection.evolve(state, event);
  const bot = records[0]?.bot ?? '';
  return [...state.open.values()]
    .filter(({ id }) => state.notifications.get(id)?.holds.has('alertmanager') !== true)
    .map(({ condition, level, labels }) =>
      written({ ...labels, alertname: condition, severity: level.toLowerCase(), bot }),
    );
}

function written(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => a.localeCompare(b));
  return sorted.map(([name, value]) => `${name}=${value}`).join(' ');
}
