/** A format of `/metrics`: Prometheus' text format 0.0.4, or OpenMetrics 1.0. */
export type MetricsFormat = 'text' | 'openmetrics';

const TEXT = new Set(['text/plain', 'text/*', '*/*']);
const OPEN_METRICS = 'application/openmetrics-text';

/** One entry of a header that negotiates. */
interface Accepted {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** 0 to 1. */
  readonly quality: number;
}

/**
 * The format that an `Accept` header asks for: OpenMetrics 1.0 where it is named and nothing else is preferred to it.
 *
 * @param usual for whoever takes any
 */
export function formatFor(accept: string | undefined, usual: MetricsFormat = 'text'): MetricsFormat {
  if (accept === undefined || accept.trim() === '*/*') return usual;
  const entries = entriesOf(accept);
  const best = (fits: (entry: Accepted) => boolean): number =>
    Math.max(0, ...entries.filter(fits).map(({ quality }) => quality));
  const open = best(
    ({ name, parameters }) => name === OPEN_METRICS && isVersionOne(parameters.get('version')),
  );
  return open > 0 && open >= best(({ name }) => TEXT.has(name)) ? 'openmetrics' : 'text';
}

/** True where an `Accept-Encoding` header allows gzip. */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  const entries = entriesOf(acceptEncoding);
  const named = entries.find(({ name }) => name === 'gzip') ?? entries.find(({ name }) => name === '*');
  return named !== undefined && named.quality > 0;
}

function entriesOf(header = ''): readonly Accepted[] {
  return header.split(',').map((entry) => {
    const [name = '', ...written] = entry.split(';').map((part) => part.trim().toLowerCase());
    const parameters = new Map(
      written.map((parameter) => {
        const [key = '', value = ''] = parameter.split('=');
        return [key.trim(), value.trim().replaceAll('"', '')] as const;
      }),
    );
    const quality = Number(parameters.get('q') ?? 1);
    return { name, parameters, quality: Number.isFinite(quality) ? quality : 0 };
  });
}

function isVersionOne(version = '1.0.0'): boolean {
  return version === '1.0.0';
}
