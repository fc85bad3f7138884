import type { SilenceCreated } from '@opensqt/trading-events';

/** The subject of an alert, as silences match it. */
export interface SilenceSubject {
  readonly condition: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The silence that covers the subject at that time, or undefined. A silence matches when every one of its matchers equals
 * the subject's label of that name; `condition` matches the condition.
 */
export function silenceOf(
  silences: Iterable<SilenceCreated>,
  subject: SilenceSubject,
  now: number,
): SilenceCreated | undefined {
  for (const silence of silences) {
    if (now < silence.until && isSilencedBy(silence, subject)) return silence;
  }
  return undefined;
}

/** Whether the silence is about the subject, over or not. */
export function isSilencedBy({ matchers }: SilenceCreated, { labels, condition }: SilenceSubject): boolean {
  return Object.entries(matchers).every(
    ([name, value]) => (name === 'condition' ? condition : labels[name]) === value,
  );
}
