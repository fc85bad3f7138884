import fc from 'fast-check';
import { EVENT_CATALOGUE, EVENT_TYPES } from '../catalogue/catalogue';
import type { FieldRule } from '../catalogue/catalogue-entry';
import { parseEvent } from '../catalogue/parse-event';
import { Rejection } from '../catalogue/rejection';
import type { AnyEvent, EventType } from '../events/trading-event';

/** Few values, so that events meet: the same symbol, order, alert and channel come again and again. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  symbol: ['BTCUSDT', 'ETHUSDT'],
  scope: ['BTCUSDT', 'ETHUSDT', 'global'],
  exchange: ['paper', 'other'],
  channel: ['log', 'slack'],
};
const FEW = ['a', 'b', 'c'];
const MIN_TIME = 1_700_000_000_000;
const time = fc.nat(1_000_000).map((ms) => MIN_TIME + ms);

const notice = fc.record({
  level: fc.constantFrom('INFO', 'WARNING', 'ERROR', 'CRITICAL'),
  title: fc.constantFrom('One', 'Another'),
  message: fc.string({ maxLength: 8 }),
  timestamp: fc.nat(),
  fields: fc.dictionary(fc.constantFrom(...FEW), fc.string({ maxLength: 4 }), { maxKeys: 2 }),
});
const labels = fc.dictionary(fc.constantFrom(...FEW), fc.constantFrom(...FEW), { maxKeys: 2 });
const unsigned = fc
  .tuple(fc.nat(20_000), fc.integer({ min: 0, max: 8 }), fc.nat(99_999_999))
  .map(([whole, scale, part]) => (scale === 0 ? `${whole}` : `${whole}.${String(part).slice(0, scale)}`));
const positive = unsigned.map((amount) => (/[1-9]/.test(amount) ? amount : '1'));
const signed = fc
  .tuple(fc.boolean(), unsigned)
  .map(([negative, amount]) => (negative ? `-${amount}` : amount));

/** A value that the field's rule admits, from the rule's name in the catalogue. */
function valueOf(field: string, kind: string): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'label':
    case 'id':
    case 'name':
    case 'text':
      return fc.constantFrom(...(WORDS[field] ?? FEW));
    case 'boolean':
      return fc.boolean();
    case 'decimal string':
      return signed;
    case 'decimal string ≥ 0':
      return unsigned;
    case 'decimal string > 0':
      return positive;
    case 'milliseconds':
      return fc.double({ min: 0, max: 20_000, noNaN: true });
    case 'epoch milliseconds':
      return time;
    case 'count':
      return fc.nat(1_000_000);
    case 'decimal string or number':
      return fc.oneof(signed, fc.nat(100));
    case 'object':
      return field === 'notice' ? notice : labels;
    case '{ upper bound: count }':
      return fc.dictionary(fc.constantFrom('1', '2.5', '100', 'Infinity'), fc.nat(1_000), { maxKeys: 3 });
    case '{ limit: { value, threshold } }':
      return fc.dictionary(
        fc.constantFrom('max_drawdown', 'max_position'),
        fc.record({ value: fc.oneof(signed, fc.nat(100)), threshold: positive }),
      );
    case '{ name, message, stack? }':
      return fc.constant({ name: 'Error', message: 'no' });
    default:
      return fc.constantFrom(...[...kind.matchAll(/`([^`]+)`/g)].map(([, word]) => word));
  }
}

function dataOf(type: EventType): fc.Arbitrary<object> {
  const fields = Object.entries<FieldRule>(EVENT_CATALOGUE[type].fields);
  const required = fields.filter(([, rule]) => rule.optional !== true).map(([field]) => field);
  return fc.record(Object.fromEntries(fields.map(([field, { kind }]) => [field, valueOf(field, kind)])), {
    requiredKeys: required as never[],
  });
}

/** Candidates of one of the types, as a source could emit them: as the catalogue allows, and anybody's to change. */
export function anyCandidate(types: readonly EventType[] = EVENT_TYPES): fc.Arbitrary<Candidate> {
  const each = types.map((type) => {
    const { source, version } = EVENT_CATALOGUE[type];
    return fc.record({
      id: fc.uuid({ version: 7 }),
      type: fc.constant(type),
      version: fc.constant(version),
      source: fc.constant(source),
      occurredAt: time,
      data: dataOf(type),
    });
  });
  return fc.oneof(...each);
}

/** An event as a source puts it together. */
export interface Candidate {
  readonly id: string;
  readonly type: EventType;
  readonly data: object;
}

/** An event of one of the types. */
export function anyEvent(types?: readonly EventType[]): fc.Arbitrary<AnyEvent> {
  return anyCandidate(types).map(parsed);
}

/** Some events, each with an id of its own. */
export function anyEvents(
  maxLength: number,
  types?: readonly EventType[],
): fc.Arbitrary<readonly AnyEvent[]> {
  return fc
    .array(anyCandidate(types), { maxLength, size: 'max' })
    .map((events) => events.map((event, index) => parsed({ ...event, id: `event-${index}` })));
}

function parsed(candidate: Candidate): AnyEvent {
  const event = parseEvent(candidate);
  if (event instanceof Rejection) throw new Error(event.message);
  return event;
}
