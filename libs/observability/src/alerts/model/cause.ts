import type { AlertEvent, AlertLevel, AlertNotice, EnvelopeOptions } from '@opensqt/trading-events';
import { derivedId } from '@opensqt/trading-events';
import type { AlertText } from '../rules/alert-rule';

/** The origin of a decision, whose ids are derived from it, so that deciding twice records once. */
export interface Cause {
  readonly id: string;
  readonly occurredAt: number;
  /** The event that it follows from in turn. */
  readonly causationId?: string;
}

/** The notice of a text at the time of its cause. */
export function noticeOf(
  level: AlertLevel,
  { title, message, fields }: AlertText,
  cause: Cause,
): AlertNotice {
  return { level, title, message, fields, timestamp: cause.occurredAt };
}

/** The cause that an event which was just decided is, at the same time. */
export function causeOf({ occurredAt }: Cause, { id }: AlertEvent): Cause {
  return { id, occurredAt };
}

/** The envelope of a decision; `parts` distinguish the decisions on one cause. */
export function envelope(cause: Cause, ...parts: readonly string[]): EnvelopeOptions {
  return { id: derivedId(cause.id, ...parts), occurredAt: cause.occurredAt, causationId: cause.id };
}
