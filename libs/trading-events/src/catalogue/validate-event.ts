import { EVENT_CATALOGUE, EVENT_TYPES } from './catalogue';
import type { FieldRule, RejectionReason } from './field-rules';
import type { AnyEvent, EventType } from '../events/trading-event';

/** The refusal of an event. */
export interface Rejection {
  /** The event's type, or `unknown` when it is none of the catalogue's: safe as a metric's label. */
  readonly type: EventType | 'unknown';
  readonly reason: RejectionReason;
  /** A sentence on the fault and on the right value; without the values of fields that may be long or secret. */
  readonly message: string;
}

interface TypeRules {
  readonly type: EventType;
  readonly source: string;
  readonly fields: readonly (readonly [string, FieldRule])[];
}

const RULES = new Map<unknown, TypeRules>(
  EVENT_TYPES.map((type) => {
    const { source, fields } = EVENT_CATALOGUE[type];
    return [type, { type, source, fields: Object.entries<FieldRule>(fields) }];
  }),
);

/** The verdict on something that claims to be an event. */
export type Validation =
  { readonly ok: true; readonly event: AnyEvent } | { readonly ok: false; readonly rejection: Rejection };

/**
 * Judges something that came over the emitter. Every field of the catalogue is checked; fields that it does not know are
 * left alone, so that a newer source can talk to an older reader.
 *
 * @example
 * const verdict = validateEvent(candidate);
 * if (!verdict.ok) logger.warn(verdict.rejection.message);
 */
export function validateEvent(candidate: unknown): Validation {
  const rejection = rejectionOf(candidate);
  return rejection === undefined ? { ok: true, event: candidate as AnyEvent } : { ok: false, rejection };
}

/** The same judgement without a verdict to unpack: undefined when the candidate is a {@link AnyEvent}. */
export function rejectionOf(candidate: unknown): Rejection | undefined {
  if (typeof candidate !== 'object' || candidate === null) {
    return refuse(
      'unknown',
      'malformed_envelope',
      `An event must be an object, found ${typeName(candidate)}.`,
    );
  }
  const event = candidate as Partial<Record<keyof AnyEvent, unknown>>;
  const rules = RULES.get(event.type);
  if (rules === undefined) {
    return refuse(
      'unknown',
      'unknown_type',
      `There is no event type '${brief(event.type)}' in the catalogue.`,
    );
  }
  const { type } = rules;
  const broken = brokenEnvelope(event, rules.source);
  if (broken !== undefined) return refuse(type, 'malformed_envelope', `Event ${type}: ${broken}.`);

  const data = event.data as Record<string, unknown>;
  for (const [field, rule] of rules.fields) {
    const value = data[field];
    if (value === undefined) {
      if (rule.optional) continue;
      return refuse(
        type,
        'missing_field',
        `Event ${type}: data.${field} is missing; it must be ${rule.kind}.`,
      );
    }
    const fault = rule.check(value);
    if (fault !== undefined) {
      const message = `Event ${type}: data.${field} is ${brief(value)}; it must be ${fault.allowed}.`;
      return refuse(type, fault.reason, message);
    }
  }
  return undefined;
}

function brokenEnvelope(event: Partial<Record<keyof AnyEvent, unknown>>, source: string): string | undefined {
  const { id, version, occurredAt, causationId, data } = event;
  if (typeof id !== 'string' || id.length === 0 || id.length > 128) return 'id must be 1 to 128 characters';
  if (!Number.isSafeInteger(version) || Number(version) < 1) return 'version must be a whole number from 1';
  if (event.source !== source) return `source must be ${source}, found ${brief(event.source)}`;
  if (typeof occurredAt !== 'number' || !Number.isFinite(occurredAt) || occurredAt < 0) {
    return `occurredAt must be epoch milliseconds, found ${brief(occurredAt)}`;
  }
  if (causationId !== undefined && typeof causationId !== 'string') return 'causationId must be text';
  if (typeof data !== 'object' || data === null) return `data must be an object, found ${typeName(data)}`;
  return undefined;
}

function refuse(type: Rejection['type'], reason: RejectionReason, message: string): Rejection {
  return { type, reason, message };
}

function brief(value: unknown): string {
  const shown = typeof value === 'string' || typeof value === 'number' ? String(value) : typeName(value);
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
}

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}
