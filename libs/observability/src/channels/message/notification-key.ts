import { createHash } from 'node:crypto';
import type { AlertNotification } from '../channel';

/**
 * The key that all messages about one alert have in common, for receivers that put them together: 64 hexadecimal digits. Not the
 * fingerprint alone: the same trouble next week is another alert.
 */
export function alertKey({ fingerprint, alertId }: AlertNotification): string {
  return digest([fingerprint, alertId]);
}

/**
 * The key that every attempt at one message has in common and no other message has, for receivers that drop what they already
 * have: 64 hexadecimal digits. The time is part of it, since an alert may be repeated or escalated more than once.
 */
export function messageKey({ fingerprint, alertId, kind, timestamp }: AlertNotification): string {
  return digest([fingerprint, alertId, kind, timestamp.getTime()]);
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
