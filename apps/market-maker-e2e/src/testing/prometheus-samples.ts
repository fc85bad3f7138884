/** A series of Prometheus' API. */
export type Labels = Readonly<Record<string, string>>;

/** The rise that `increase()` sees in these samples, without its extrapolation: a value below the last one is a counter that begins anew. */
export function increaseOf(samples: readonly number[]): number {
  return samples
    .slice(1)
    .reduce((sum, value, i) => sum + (value < (samples[i] ?? 0) ? value : value - (samples[i] ?? 0)), 0);
}

/** A series of Prometheus' API, to be compared with one of a bot's text. */
export function scrapedSeries({ __name__: name = '', instance: _, job: __, ...labels }: Labels): string {
  return keyOf(name, Object.entries(labels));
}

/** A series of a bot's text, to be compared with one of Prometheus' API. */
export function shownSeries(series: string): string {
  const [name = ''] = series.split('{');
  const labels = [...series.matchAll(/(\w+)="([^"]*)"/g)].map(
    ([, label = '', value = '']) => [label, value] as const,
  );
  return keyOf(name, labels);
}

function keyOf(name: string, labels: readonly (readonly [string, string])[]): string {
  const written = labels
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([label, value]) => `${label}="${label === 'le' ? Number(value.replace('+Inf', 'Infinity')) : value}"`,
    );
  return `${name}{${written.join(',')}}`;
}
