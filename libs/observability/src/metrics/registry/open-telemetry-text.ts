import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

type Attributes = Readonly<Record<string, unknown>>;

/** Labels that the exposition itself sets: an attribute of that name would be one label twice. */
const RESERVED = /^(le|quantile|otel_scope_(name|version|schema_url))$/;

/**
 * The same instruments with attributes that are one label each in Prometheus. Where two attributes differ only in characters
 * that a label cannot have, their values are joined by `;`, in the order of their names, as OpenTelemetry's specification has it.
 */
export function withLegalLabels(metrics: ResourceMetrics): ResourceMetrics {
  return {
    ...metrics,
    scopeMetrics: metrics.scopeMetrics.map((scope) => ({
      ...scope,
      metrics: scope.metrics.map((metric) => ({
        ...metric,
        dataPoints: metric.dataPoints.map((point) => ({ ...point, attributes: legal(point.attributes) })),
      })) as typeof scope.metrics,
    })),
  };
}

function legal(attributes: Attributes): Record<string, string> {
  const labels = new Map<string, string>();
  for (const key of Object.keys(attributes).toSorted()) {
    const label = labelOf(key);
    const value = written(attributes[key]);
    const before = labels.get(label);
    labels.set(label, before === undefined ? value : `${before};${value}`);
  }
  return Object.fromEntries(labels);
}

function labelOf(key: string): string {
  const label = key.replaceAll(/[^a-zA-Z0-9_]/g, '_').replaceAll(/_{2,}/g, '_');
  return /^\d/.test(label) || RESERVED.test(label) ? `attribute_${label}` : label;
}

function written(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? '';
}

/**
 * The text without metrics whose names are taken, and without lines that repeat a series: Prometheus would refuse the whole
 * page for either.
 *
 * @param onDropped called with each metric that is left out, or shown in part
 */
export function withoutRepeats(
  text: string,
  taken: ReadonlySet<string>,
  onDropped: (metric: string) => void,
): string {
  const series = new Set<string>();
  return text
    .split(/^(?=# HELP )/m)
    .map((block) => {
      const [, name = ''] = /^# HELP (\S+)/.exec(block) ?? [];
      if (taken.has(name)) {
        onDropped(name);
        return '';
      }
      const lines = block.split('\n').filter((line) => {
        if (line.startsWith('#') || line === '') return true;
        const key = line.slice(0, line.lastIndexOf(' '));
        const isNew = !series.has(key);
        if (isNew) series.add(key);
        else onDropped(name);
        return isNew;
      });
      return lines.join('\n');
    })
    .join('');
}
