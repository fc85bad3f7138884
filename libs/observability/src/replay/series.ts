import type { EventLog } from '@opensqt/event-log';
import { METRIC } from '../metrics/catalogue/metric-names';
import type { MetricsSource } from '../metrics/catalogue/metrics-source';
import { renderMetrics } from '../metrics/text/render-metrics';

/** Values by series or by path in a state. */
export type Values = ReadonlyMap<string, string>;

/** A value that is found in one place and not, or otherwise, in another. */
export interface Difference {
  readonly name: string;
  readonly expected: string | undefined;
  readonly found: string | undefined;
}

/** Metrics that the log can't give: of live events, which it does not hold, and of the process itself. */
const NOT_IN_THE_LOG: readonly string[] = [
  METRIC.latency.exchange,
  METRIC.exchangeCalls,
  METRIC.pnl.unrealized,
  METRIC.price.mark,
  METRIC.inventoryValue,
  METRIC.quoting.spread,
  METRIC.risk.limitValue,
  METRIC.risk.limitThreshold,
  METRIC.risk.drawdown,
  METRIC.alerts.open,
  METRIC.alerts.pending,
  METRIC.alerts.deadLetters,
  METRIC.eventAge,
  METRIC.eventsRejected,
  METRIC.buildInfo,
  METRIC.alerts.sender,
  ...Object.values(METRIC.eventLog),
];
const OURS = /^market_maker_/;
const SUFFIX = /_(bucket|sum|count)$/;

/** The series of a Prometheus text whose values follow from logged events alone, but for those that are zero. */
export function loggedSeries(text: string): Values {
  const values = new Map<string, string>();
  for (const [series, value] of allSeries(text)) {
    const name = /^[^{]*/.exec(series)?.[0] ?? '';
    if (value === '0') continue; // The series of a closed set begin at zero, whatever the log holds.
    const live = NOT_IN_THE_LOG.includes(name) || NOT_IN_THE_LOG.includes(name.replace(SUFFIX, ''));
    if (OURS.test(name) && !live) values.set(series, value);
  }
  return values;
}

/** Every series of a Prometheus text. */
export function allSeries(text: string): Values {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const space = line.lastIndexOf(' ');
    values.set(line.slice(0, space), line.slice(space + 1));
  }
  return values;
}

/** The values that differ, in the order of the names. */
export function differences(expected: Values, found: Values): readonly Difference[] {
  const names = [...new Set([...expected.keys(), ...found.keys()])].sort();
  return names
    .map((name) => ({ name, expected: expected.get(name), found: found.get(name) }))
    .filter((pair) => pair.expected !== pair.found);
}

/** The metrics of a state as `/metrics` would show them. */
export function metricsText(
  state: MetricsSource['state'],
  log: EventLog,
  position: number,
  now: number,
): Promise<string> {
  return renderMetrics({
    state,
    now,
    log: { ...log.status(), position },
    rejections: [],
    version: 'replay',
  });
}
