import type { SilenceCreated } from '@opensqt/trading-events';
import { matchesAll, parseMatchers } from './matchers';

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
export function isSilencedBy({ matchers }: SilenceCreated, subject: SilenceSubject): boolean {
  return matchesAll(parseMatchers(matchers), subject);
}

/** Whether the subject has all of these labels; `condition` stands for its condition. */
export function hasLabels(
  { labels, condition }: SilenceSubject,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => (name === 'condition' ? condition : labels[name]) === value,
  );
}
