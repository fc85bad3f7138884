import { table } from '@opensqt/configuration';
import { renderTable } from '../configuration-docs/configuration-docs';
import { BUILT_IN_CHANNELS, type ChannelDefinition } from '@opensqt/observability/options';
import {
  CANCEL_REASONS,
  CONDITIONS,
  MAX_CODES,
  METRIC,
  METRIC_CATALOGUE,
  type MetricDefinition,
  REJECT_REASONS,
} from '@opensqt/observability/replay';
import { EVENT_TYPES } from '@opensqt/trading-events';

/** The channels: what each needs, sends and deduplicates by. */
export function channelsTable(): string {
  const headings = ['channel', 'needs', 'is sent', 'min level', 'drops duplicates by'];
  const log = ['`log`', 'nothing, always on', 'one line', 'all', '–'];
  const rows = (BUILT_IN_CHANNELS as readonly ChannelDefinition[]).map(
    ({ name, options, documentation: { needs, sends, deduplicatedBy } }) => {
      const { minLevel } = options.parse({});
      return [`\`${name}\``, needs, sends, minLevel, deduplicatedBy];
    },
  );
  return renderTable([headings, log, ...rows]).join('\n');
}

/** The conditions that raise an alert. */
export function conditionsTable(): string {
  const headings = ['condition', 'raised by', 'level', 'resolved by', 'about'];
  const rows = CONDITIONS.map(({ condition, documentation: { raisedBy, level, resolvedBy, about } }) => [
    `\`${condition}\``,
    raisedBy,
    level,
    resolvedBy,
    about,
  ]);
  return renderTable([headings, ...rows]).join('\n');
}

const CONDITION_LEVELS = CONDITIONS.reduce((sum, { levels }) => sum + levels.length, 0);
/** Values of each label in one bot: a number where the set is closed, otherwise what there is one value for. */
const LABEL_VALUES: Readonly<Record<string, number | string>> = {
  symbol: 'symbols',
  strategy: 1,
  side: 2,
  type: 3,
  reason: '≤ 20',
  asset: 'assets',
  scope: '(symbols + 1)',
  limit: '≤ 5',
  exchange: 'exchanges',
  stream: 2,
  operation: 4,
  channel: 'channels',
  part: 'failing parts',
  version: 1,
  node: 1,
};
/** … where a metric's differ. */
const OTHER_VALUES: Readonly<Record<string, Readonly<Record<string, number | string>>>> = {
  [METRIC.alerts.raised]: { condition: CONDITION_LEVELS, level: 1 },
  [METRIC.alerts.open]: { condition: CONDITION_LEVELS, level: 1 },
  [METRIC.alerts.deliveries]: { outcome: 8 },
  [METRIC.exchangeCalls]: { outcome: 4 },
  [METRIC.heartbeats]: { outcome: 3 },
  [METRIC.eventsRejected]: { type: 'types', reason: 'reasons that occurred' },
  [METRIC.eventAge]: { type: `≤ ${EVENT_TYPES.length}` },
  [METRIC.risk.drawdown]: { scope: 1 },
  [METRIC.orders.rejected]: { reason: `${REJECT_REASONS.length} to ${MAX_CODES}` },
  [METRIC.orders.canceled]: { reason: `${CANCEL_REASONS.length} to ${MAX_CODES}` },
};

/** The number of series that a metric costs one bot. */
function seriesOf(metric: MetricDefinition): string {
  const values = metric.labels.map((label) => {
    const count = OTHER_VALUES[metric.name]?.[label] ?? LABEL_VALUES[label];
    if (count === undefined) throw new Error(`How many values has the label ${label} of ${metric.name}?`);
    return count;
  });
  const lines = metric.type === 'histogram' ? metric.buckets.length + 3 : 1;
  const number = values.reduce<number>((all, count) => all * (typeof count === 'number' ? count : 1), lines);
  const words = values.filter((count) => typeof count === 'string');
  return [...(number === 1 && words.length > 0 ? [] : [number]), ...words].join(' × ');
}

/** The metrics: type, labels, their cost in series, unit, and what each follows from. */
export function metricsTable(): string {
  const rows = METRIC_CATALOGUE.map((metric) => {
    const { name, type, labels, unit, help, from } = metric;
    return [
      `\`${name}\``,
      type,
      labels.map((label) => `\`${label}\``).join(', ') || '–',
      seriesOf(metric),
      unit,
      help,
      from.map((source) => (source.includes('.') ? `\`${source}\`` : source)).join(', '),
    ];
  });
  return table(['metric', 'type', 'labels', 'series of a bot', 'unit', 'meaning', 'follows from'], rows);
}

/** The upper bounds of the histograms' buckets. */
export function bucketsTable(): string {
  const rows = METRIC_CATALOGUE.flatMap((metric) =>
    metric.type === 'histogram' ? [[`\`${metric.name}\``, metric.unit, metric.buckets.join(' · ')]] : [],
  );
  return table(['histogram', 'unit', 'upper bounds'], rows);
}
