/**
 * The Prometheus text format, version 0.0.4, to the letter as prom-client 15.1 writes it
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 */

/** The lines before a metric's samples. */
export function header(name: string, help: string, type: string): string {
  return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}`;
}

/**
 * All of a sample's line but its value.
 *
 * @example
 * samplePrefix('market_maker_volume_total', { symbol: 'BTCUSDT' }); // 'market_maker_volume_total{symbol="BTCUSDT"} '
 */
export function samplePrefix(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([label, value]) => `${label}="${escaped(value).replaceAll('"', '\\"')}"`,
  );
  return pairs.length === 0 ? `${name} ` : `${name}{${pairs.join(',')}} `;
}

/** A sample's value. A NaN is written as prom-client does; no metric of ours has one. */
export function sampleValue(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'Nan';
  return value < 0 ? '-Inf' : '+Inf';
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
