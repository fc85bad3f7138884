import type { EventType } from '../events/trading-event';

/** Every reason of a refusal, with its meaning: a closed set, so that it can be a metric's label. */
export const REJECTION_REASONS = {
  unknown_type: 'the catalogue has no event of that type',
  malformed_envelope: 'it is no object, or its id, source, time, cause or data is of the wrong kind',
  unknown_version: 'its version is newer than this release knows',
  unreadable: 'reading it threw: a getter, or a proxy',
  missing_field: 'a field of the catalogue is absent',
  wrong_type: 'a field is of another type',
  not_finite: 'a number is NaN or infinite',
  not_decimal: 'an amount is not written as a decimal string such as `-12.50`',
  negative: 'a field that counts or measures is below zero',
  not_positive: 'a quantity is zero',
  not_allowed:
    'a value is not among those allowed, or the event is one that only the AlertService or the log states',
  wrong_unit: 'a time is in seconds, microseconds or nanoseconds and not in milliseconds',
  out_of_range: 'a time, a duration or the digits of an amount are beyond the limits below',
  bad_label: 'a label is empty, too long, or has characters that a label cannot have',
  bad_id: 'an id or a name is empty, too long, ill-formed Unicode, or has control characters',
  unknown_symbol: 'the configuration names the symbols, and not this one',
  too_many_labels: 'a label has as many values as it may have',
  duplicate: 'the event’s id came before, or the same fill under another id',
  log_full: 'the event log accepts nothing at the moment',
} as const;

/** The reason of a refusal. */
export type RejectionReason = keyof typeof REJECTION_REASONS;

/** The refusal of an event. */
export class Rejection {
  /**
   * @param type the event's type, or `unknown` when it is none of the catalogue's: safe as a metric's label
   * @param message a sentence on the fault and on the right value; without the values of fields that may be long or secret
   */
  constructor(
    readonly type: EventType | 'unknown',
    readonly reason: RejectionReason,
    readonly message: string,
  ) {}
}

/** The fault of one value: the reason, and what the value must be. */
export class Fault {
  constructor(
    readonly reason: RejectionReason,
    readonly allowed: string,
  ) {}
}

/** A value of the wrong type. */
export function wrongType(allowed: string): Fault {
  return new Fault('wrong_type', allowed);
}

/** A value as a refusal shows it; nothing of it is called. */
export function brief(value: unknown): string {
  const shown = typeof value === 'string' || typeof value === 'number' ? String(value) : typeName(value);
  return (shown.length > 60 ? `${shown.slice(0, 60)}…` : shown).toWellFormed();
}

function typeName(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
