/** One thing that is wrong with the configuration. */
export interface Violation {
  /** The key, such as `alerts.slack.webhook_url`; empty when it is the file as a whole. */
  readonly path: string;
  /** What is there; never a secret. */
  readonly found: string;
  /** What may be there, or what to do. */
  readonly allowed: string;
  /** From 1; absent when the file does not have the key. */
  readonly line?: number;
  /** From 1; for mistakes in the syntax. */
  readonly column?: number;
}

/** Stands for a value that must not be shown. */
export const HIDDEN_VALUE = '(hidden)';

const LONGEST_SHOWN = 60;

/** A value as a message shows it. Lists and sections are only named, since anything may be in them. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a section';
  if (typeof value !== 'string') return String(value);
  const shown = value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value;
  return JSON.stringify(shown);
}

/** What a value is, without showing it. */
export function describeKind(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a section' : typeof value === 'string' ? 'text' : `a ${typeof value}`;
}
