import { EVENT_CATALOGUE, EVENT_TYPES, type EventType, type AnyEvent } from '@opensqt/trading-events';
import fc from 'fast-check';

/** Few values, so that events meet: the same symbol, order, alert and channel come again and again. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  symbol: ['BTCUSDT', 'ETHUSDT'],
  scope: ['BTCUSDT', 'ETHUSDT', 'global'],
  exchange: ['paper', 'other'],
  channel: ['log', 'slack'],
};
const FEW = ['a', 'b', 'c'];

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
    case 'count':
      return fc.nat(1_000_000);
    case 'decimal string or number':
      return fc.oneof(signed, fc.nat(100));
    case 'object':
      return field === 'notice' ? notice : labels;
    case '{ name, message, stack? }':
      return fc.constant({ name: 'Error', message: 'no' });
    default:
      return fc.constantFrom(...[...kind.matchAll(/`([^`]+)`/g)].map(([, word]) => word));
  }
}

function dataOf(type: EventType): fc.Arbitrary<unknown> {
  const fields = Object.entries(EVENT_CATALOGUE[type].fields);
  const required = fields.filter(([, rule]) => rule.optional !== true).map(([field]) => field);
  return fc.record(Object.fromEntries(fields.map(([field, { kind }]) => [field, valueOf(field, kind)])), {
    requiredKeys: required as never[],
  });
}

/** An event of one of the types, as the catalogue allows it; its id is to be given. */
export function anyEvent(types: readonly EventType[] = EVENT_TYPES): fc.Arbitrary<AnyEvent> {
  const each = types.map((type) =>
    fc.record({ occurredAt: fc.nat(1_000_000), data: dataOf(type) }).map((event) => {
      const { source, version } = EVENT_CATALOGUE[type];
      return { id: '', type, version, source, ...event } as unknown as AnyEvent;
    }),
  );
  return fc.oneof(...each);
}

/** Some events, each with an id of its own. */
export function anyEvents(
  maxLength: number,
  types?: readonly EventType[],
): fc.Arbitrary<readonly AnyEvent[]> {
  return fc
    .array(anyEvent(types), { maxLength, size: 'max' })
    .map((events) => events.map((event, index) => ({ ...event, id: `event-${index}` })));
}
