/** One thing that is wrong with options. */
export interface Violation {
  /** The key, such as `alerts.slack.webhookUrl`; empty when it is the whole. */
  readonly path: string;
  /** The value found; never a secret. */
  readonly found: string;
  /** The values allowed, or the remedy. */
  readonly allowed: string;
  /** In a file, from 1; absent when the file does not have the key. */
  readonly line?: number;
  /** In a file, from 1; for mistakes in the syntax. */
  readonly column?: number;
}

/** Stands for a value that must not be shown. */
export const HIDDEN_VALUE = '(hidden)';

const LONGEST_SHOWN = 60;

/** A value as a message shows it. Lists and sections are only named, since anything may be in them. */
export function describeValue(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return describeKind(value);
  const shown = value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value;
  return JSON.stringify(shown);
}

/** The kind of a value, which does not show it. */
export function describeKind(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a section' : typeof value === 'string' ? 'text' : `a ${typeof value}`;
}
