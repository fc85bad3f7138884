import { EventLogError, type EventLogErrorCode } from '../event-log';

/** A failure in words, and what the operator can do. */
export type Diagnosis = readonly [what: string, advice: string];

export function unusable(
  code: EventLogErrorCode,
  log: string,
  verb: 'opened' | 'read' | 'written',
  [what, advice]: Diagnosis,
  cause: unknown,
): EventLogError {
  return new EventLogError(code, `${log} could not be ${verb}: ${what}. ${advice}`, { cause });
}

/** An error's message. A connection that was tried at several addresses fails with one error per address and none of its own. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
