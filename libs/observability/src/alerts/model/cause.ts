import type { AlertEvent, AlertLevel, AlertNotice, EnvelopeOptions } from '@opensqt/trading-events';
import { derivedId } from '@opensqt/trading-events';
import type { AlertText } from '../rules/alert-rule';

/** What a decision follows from: its ids are derived from the cause's, so deciding twice records once. */
export interface Cause {
  readonly id: string;
  readonly occurredAt: number;
  /** What it follows from in turn. */
  readonly causationId?: string;
}

/** The words, as they are told at that time. */
export function noticeOf(
  level: AlertLevel,
  { title, message, fields }: AlertText,
  cause: Cause,
): AlertNotice {
  return { level, title, message, fields, timestamp: cause.occurredAt };
}

/** What follows from an event that was just decided, at the same time. */
export function follow({ occurredAt }: Cause, { id }: AlertEvent): Cause {
  return { id, occurredAt };
}

/** The envelope of what follows; `parts` tell apart what follows from one cause. */
export function envelope(cause: Cause, ...parts: readonly string[]): EnvelopeOptions {
  return { id: derivedId(cause.id, ...parts), occurredAt: cause.occurredAt, causationId: cause.id };
}
