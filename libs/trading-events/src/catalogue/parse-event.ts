import type { AnyEvent, EventType } from '../events/trading-event';
import { upcast } from '../upcasting/upcast';
import type { WrittenEvent } from '../upcasting/upcasters';
import { EVENT_CATALOGUE, EVENT_TYPES } from './catalogue';
import type { FieldRule } from './catalogue-entry';
import { time } from './number-rules';
import { isSealed, sealed } from './parsed-record';
import { Fault, Rejection, type RejectionReason, brief } from './rejection';
import { id } from './text-rules';

/** A parser's place in an event, for the message when reading throws. */
interface Reading {
  type: Rejection['type'];
  field: string;
}

type Candidate = Readonly<Partial<Record<keyof AnyEvent, unknown>>>;
type Parser = (candidate: Candidate, reading: Reading) => AnyEvent | Rejection;

const PARSERS = new Map<unknown, Parser>(EVENT_TYPES.map((type) => [type, parserOf(type)]));

/**
 * Makes an event of something that claims to be one: a frozen record of its own that has the catalogue's fields and no others, as
 * plain texts and numbers within limits, so that it reads the same after it was stored. An event that was parsed before is
 * returned as it is, which takes no time. Never throws, whatever the candidate does.
 *
 * @example
 * const event = parseEvent(candidate);
 * if (event instanceof Rejection) logger.warn(event.message);
 */
export function parseEvent(candidate: unknown): AnyEvent | Rejection {
  if (isSealed(candidate)) return candidate as AnyEvent;
  const reading: Reading = { type: 'unknown', field: 'type' };
  try {
    if (typeof candidate !== 'object' || candidate === null) {
      const message = `An event must be an object, found ${brief(candidate)}.`;
      return new Rejection('unknown', 'malformed_envelope', message);
    }
    const { type } = candidate as Candidate;
    const parse = PARSERS.get(type);
    if (parse !== undefined) return parse(candidate, reading);
    const message = `There is no event type '${brief(type)}' in the catalogue.`;
    return new Rejection('unknown', 'unknown_type', message);
  } catch {
    const { type, field } = reading;
    const message = `Event ${type}: reading ${field} threw an error. Emit a plain object of plain values.`;
    return new Rejection(type, 'unreadable', message);
  }
}

/** The parser of a type, made from its row in the catalogue. It reads each property of the candidate once. */
function parserOf(type: EventType): Parser {
  const { source, version: latest, fields } = EVENT_CATALOGUE[type];
  const rules = Object.entries<FieldRule>(fields).map(([field, rule]) => ({ field, rule }));

  return (candidate, reading) => {
    reading.type = type;
    reading.field = 'id';
    const given = candidate.id;
    const eventId = id.parse(given);
    if (eventId instanceof Fault) return unfit('id', given, eventId);
    reading.field = 'source';
    const stated = candidate.source;
    if (stated !== source) {
      return refuse('malformed_envelope', `source must be ${source}, found ${brief(stated)}`);
    }
    reading.field = 'occurredAt';
    const stamp = candidate.occurredAt;
    const occurredAt = time.parse(stamp);
    if (occurredAt instanceof Fault) return unfit('occurredAt', stamp, occurredAt);
    reading.field = 'causationId';
    const cause = candidate.causationId ?? undefined;
    const causationId = cause === undefined ? undefined : id.parse(cause);
    if (causationId instanceof Fault) return unfit('causationId', cause, causationId);
    reading.field = 'data';
    const { version, data } = candidate;
    const written =
      version === latest ? data : today(version, data, { id: eventId, type, source, occurredAt });
    if (written instanceof Rejection) return written;
    const own = parseData(written, reading);
    if (own instanceof Rejection) return own;
    const event =
      causationId === undefined
        ? { id: eventId, type, version: latest, source, occurredAt, data: own }
        : { id: eventId, type, version: latest, source, occurredAt, causationId, data: own };
    return sealed(event as unknown as AnyEvent);
  };

  /** The data of another version in the shape of today's. */
  function today(version: unknown, data: unknown, envelope: object): unknown {
    if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
      return refuse(
        'malformed_envelope',
        `version must be a whole number from 1 to ${latest}, found ${brief(version)}`,
      );
    }
    if (version < latest) return upcast({ ...envelope, version, data } as unknown as WrittenEvent).data;
    return refuse(
      'unknown_version',
      `version ${version} is newer than this release, which knows 1 to ${latest}; update it`,
    );
  }

  function parseData(data: unknown, reading: Reading): object | Rejection {
    if (typeof data !== 'object' || data === null) {
      return refuse('malformed_envelope', `data must be an object, found ${brief(data)}`);
    }
    const own: Record<string, unknown> = {};
    // By index, and read one by one: this loop is most of what the boundary costs.
    for (let i = 0; i < rules.length; i++) {
      const { field, rule } = rules[i] as (typeof rules)[number];
      reading.field = field;
      const value = (data as Readonly<Record<string, unknown>>)[field];
      if (value === undefined || (value === null && rule.optional)) {
        if (rule.optional) continue;
        return refuse('missing_field', `data.${field} is missing; it must be ${rule.kind}`);
      }
      const parsed = rule.parse(value);
      if (parsed instanceof Fault) {
        return refuse(parsed.reason, `data.${field} is ${brief(value)}; it must be ${parsed.allowed}`);
      }
      own[field] = parsed;
    }
    return Object.freeze(own);
  }

  function unfit(field: string, found: unknown, { reason, allowed }: Fault): Rejection {
    const isMalformed = reason === 'wrong_type' || reason === 'not_finite' || reason === 'negative';
    return refuse(
      isMalformed ? 'malformed_envelope' : reason,
      `${field} is ${brief(found)}; it must be ${allowed}`,
    );
  }

  function refuse(reason: RejectionReason, what: string): Rejection {
    return new Rejection(type, reason, `Event ${type}: ${what}.`);
  }
}
