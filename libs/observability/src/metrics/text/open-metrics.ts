/**
 * OpenMetrics 1.0 (https://prometheus.io/docs/specs/om/open_metrics_spec/). The names of series are those of the text format, whichever
 * is asked for: a counter whose name can't be a family's with `_total` behind it is of type unknown.
 */

const TOTAL = '_total';
const PLAIN_NUMBER = /^-?\d+$/;

export const EOF = '# EOF\n';

/**
 * The lines before a metric's samples.
 *
 * @param isTaken true for names of other metrics: no two families may share one
 */
export function openMetricsHeader(
  name: string,
  help: string,
  type: string,
  isTaken: (name: string) => boolean,
): string {
  const isCounter = type === 'counter' && name.endsWith(TOTAL) && !isTaken(name.slice(0, -TOTAL.length));
  const family = isCounter ? name.slice(0, -TOTAL.length) : name;
  const known = type === 'counter' && !isCounter ? 'unknown' : type === 'untyped' ? 'unknown' : type;
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
  return `# TYPE ${family} ${known}\n# HELP ${family} ${escaped}`;
}

/** A bucket's bound as a canonical number. */
export function canonicalBound(bound: string): string {
  return PLAIN_NUMBER.test(bound) ? `${bound}.0` : bound;
}

/** A sample's exemplar, with the space before it. */
export function exemplarText({ position, value, at }: Exemplar): string {
  return ` # {position="${position}"} ${value} ${at / 1_000}`;
}

/** The event that a sample counts last. */
export interface Exemplar {
  /** In the log. */
  readonly position: number;
  readonly value: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Text of the format 0.0.4, of one metric or several, as OpenMetrics: without a line break at its end, nor `# EOF`.
 *
 * @param isTaken true for names of metrics that the text does not have
 */
export function asOpenMetrics(text: string, isTaken: (name: string) => boolean): string {
  const lines = text.split('\n');
  const own = new Set(lines.flatMap((line) => /^# TYPE (\S+) /.exec(line)?.[1] ?? []));
  const written: string[] = [];
  let help = '';
  for (const line of lines) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') help = unescaped(rest);
    else if (keyword === 'TYPE')
      written.push(openMetricsHeader(name, help, rest, (family) => own.has(family) || isTaken(family)));
    else if (line !== '' && !line.startsWith('#'))
      written.push(
        line
          .replace(/ Nan$/, ' NaN')
          .replace(
            /^(\S+_bucket\{.*?\ble=")([^"]+)/,
            (_, before: string, bound: string) => `${before}${canonicalBound(bound)}`,
          ),
      );
  }
  return written.join('\n');
}

function unescaped(help: string): string {
  return help.replaceAll(/\\([\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
