import { METRIC_CATALOGUE } from '@opensqt/observability/replay';
import { table } from '@opensqt/configuration';
import { GENERATED } from './markdown';

/** `docs/metrics.md`: every metric, its type, labels, unit, and what it follows from. */
export function metricsDocument(): string {
  const rows = METRIC_CATALOGUE.map(({ name, type, labels, unit, help, from }) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(', ') || '–',
    unit,
    help,
    from.map((source) => (source.includes('.') ? `\`${source}\`` : source)).join(', '),
  ]);
  const buckets = METRIC_CATALOGUE.flatMap((metric) =>
    metric.type === 'histogram' ? [[`\`${metric.name}\``, metric.buckets.join(' · ')]] : [],
  );
  return [
    '# Metrics',
    GENERATED,
    `\`GET /metrics\` serves prom-client's global registry: the metrics below, Node's default metrics (\`process_*\`, \`nodejs_*\`), and the
instruments made through OpenTelemetry's global MeterProvider. Until the event log has been replayed it answers 503, because a
half-restored counter would read as a reset.

Each metric is a view: its \`get()\` reads the state that was folded from the events. Inject one with \`@InjectMetric(name)\` to read
it; \`inc()\`, \`set()\` and \`observe()\` on it have no effect, and the first such call logs a warning. The metrics are in the
registry, and OpenTelemetry's MeterProvider is the global one, from the application's init until its end: make OpenTelemetry's
instruments after it.

After a restart, all that follows from stored events is exact. \`market_maker_latency_exchange_ms\`, a marked position's
\`market_maker_pnl_unrealized\` and the ages of live events go on after an orderly stop; after any other end they begin at zero, or
without a series until the next event ([ADR 76](adr/0076-live-state-and-clean-stops.md)).

- A counter can't go down, so realized profit and realized loss are two counters and the signed net is a gauge
  ([ADR 1](adr/0001-signed-pnl-in-counters.md)).
- A symbol that is stopped shows no series until it trades again; its counters then go on where they were.
- Label values are bounded: symbols come from the configuration, the others from closed sets or at most 500 values each; an
  event beyond that is refused.
- Amounts are summed exactly and rounded once, when they are shown.`,
    table(['metric', 'type', 'labels', 'unit', 'meaning', 'follows from'], rows),
    '## Buckets',
    table(['histogram', 'upper bounds, ms'], buckets),
  ].join('\n\n');
}
