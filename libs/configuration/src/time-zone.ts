import { scalar } from './scalar';

/** An IANA time zone. */
export const timeZone = scalar<string>({
  allowed: 'UTC or the name of a time zone such as Europe/Berlin',
  hint: { title: 'time zone', type: 'string' },
  read: (raw) => (typeof raw === 'string' && isTimeZone(raw) ? raw : undefined),
});

/** Whether the name is one that the system knows. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
