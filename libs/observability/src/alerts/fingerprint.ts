/** The labels that say which subject an alert is about. */
export type SubjectLabels = Readonly<Record<string, string>>;

/**
 * What an alert is about, as text: its condition and the labels of its subject, whatever their order. The level is not part
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
