/** The labels that say which subject an alert is about. */
export type SubjectLabels = Readonly<Record<string, string>>;

/**
 * The subject of an alert as text: its condition and the labels of its subject, whatever their order. The level is not part
 * of it: an escalation changes the open alert.
 *
 * @example
 * fingerprintOf('exchange_disconnect', { stream: 'market', exchange: 'paper' });
 * // 'exchange_disconnect{exchange="paper",stream="market"}'
 */
export function fingerprintOf(condition: string, labels: SubjectLabels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`);
  return `${condition}{${pairs.join(',')}}`;
}

/** A fingerprint taken apart again. */
export interface ParsedFingerprint {
  readonly condition: string;
  readonly labels: SubjectLabels;
}

const PAIR = /([^=,{}"]+)=("(?:[^"\\]|\\.)*")(?:,|$)/gy;

/**
 * The condition and the labels that {@link fingerprintOf} put together: its inverse wherever neither the condition nor a
 * label's name has one of `= , { } "` in it. Any other text is a condition without labels; nothing of it is lost.
 *
 * @example
 * parseFingerprint('exchange_disconnect{exchange="paper",stream="market"}');
 * // { condition: 'exchange_disconnect', labels: { exchange: 'paper', stream: 'market' } }
 */
export function parseFingerprint(fingerprint: string): ParsedFingerprint {
  const whole = { condition: fingerprint, labels: {} };
  const opening = fingerprint.indexOf('{');
  if (opening < 1 || !fingerprint.endsWith('}')) return whole;
  const inner = fingerprint.slice(opening + 1, -1);
  const pairs = [...inner.matchAll(PAIR)];
  if (pairs.map(([text]) => text).join('') !== inner || inner.endsWith(',')) return whole;
  const labels = pairs.map(([, name = '', value = '""']) => [name, unquoted(value)] as const);
  return labels.some(([, value]) => value === undefined)
    ? whole
    : { condition: fingerprint.slice(0, opening), labels: Object.fromEntries(labels) as SubjectLabels };
}

function unquoted(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}
