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
  const labels: Readonly<Record<string, string>> = { ...subject.labels, condition: subject.condition };
  for (const silence of silences) {
    const matches = Object.entries(silence.matchers).every(([name, value]) => labels[name] === value);
    if (matches && now < silence.until) return silence;
  }
  return undefined;
}
