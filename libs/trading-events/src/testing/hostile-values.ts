import fc from 'fast-check';
import type { EventType } from '../events/trading-event';
import { type Candidate, anyCandidate } from './arbitrary-events';

const cyclic: Record<string, unknown> = { text: 'a' };
cyclic['self'] = cyclic;

/** An object whose every trap throws. */
function throwing(): object {
  const trap = (): never => {
    throw new Error('detached');
  };
  return new Proxy(
    {},
    { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap },
  );
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const MISTAKES: readonly unknown[] = [
  ...[undefined, null, NaN, Infinity, -Infinity, -0, -1, 1e308, 5e-324, 10n, Symbol('s'), true, '', ' '],
  ...[() => 1, new Date(0), new Map([['a', 1]]), [], {}, cyclic, Object.create(null), new Error('lost')],
  ...['\ud800', 'X\udc00', 'a\u0000b', 'a\u0085b', 'a\nb', '٣', '1e5', '+1', '.5', '-', '0x10', '-37.63'],
  ...['9'.repeat(40), '9'.repeat(41), `0.${'1'.repeat(40)}`, `${'1'.repeat(30)}.${'1'.repeat(30)}`],
  ...['x'.repeat(256), 'x'.repeat(257), 'ä'.repeat(5_000), 'x'.repeat(100_000), '__proto__', 'constructor'],
  ...[1_700_000_000, 1_700_000_000_000, 1_700_000_000_000_000, 1_700_000_000_000_000_000],
  ...[946_684_800_000, 7_258_118_400_000, 7_258_118_400_001, 315_619_200_001, Number.MAX_SAFE_INTEGER],
  ...[JSON.parse('{"__proto__": {"a": 1}, "toJSON": 1}') as unknown, { toJSON: () => ({ symbol: 'other' }) }],
];

/** Makes a value. It is not handed out itself, since whoever only looks at some of them is thrown at. */
export type Make = () => unknown;

/** Values that sources emit by mistake, and some that nobody should. */
export const hostileValue: fc.Arbitrary<Make> = fc.oneof(
  fc.nat(MISTAKES.length - 1).map(
    (at): Make =>
      () =>
        MISTAKES[at],
  ),
  fc.constantFrom<Make>(throwing, revoked),
  fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.anything({ withBigInt: true, withDate: true })).map(
    (value): Make =>
      () =>
        value,
  ),
);

/** Changes something about what a source has put together. */
type Change = (event: Record<string, unknown>, data: Record<string, unknown>) => unknown;

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.nat(), hostileValue).map(([at, value]): Change => (_, data) => {
    const fields = Object.keys(data);
    data[fields[at % fields.length] ?? 'symbol'] = value();
  }),
  fc.tuple(fc.nat(), hostileValue).map(([at, value]): Change => (event) => {
    const fields = ['id', 'version', 'source', 'occurredAt', 'causationId', 'data', 'type'];
    event[fields[at % fields.length] ?? 'id'] = value();
  }),
  hostileValue.map(
    (value): Change =>
      (_, data) =>
        (data['unknownField'] = value()),
  ),
  fc.constant<Change>((event) => (event['toJSON'] = () => 'nothing')),
  fc.constant<Change>((event) => Object.defineProperty(event, 'data', { get: throwing, enumerable: true })),
  fc.nat().map((at): Change => (_, data) => {
    const fields = Object.keys(data);
    const get = (): never => {
      throw new TypeError('detached');
    };
    Object.defineProperty(data, fields[at % fields.length] ?? 'symbol', { get, enumerable: true });
  }),
  fc.constant<Change>((event, data) => (event['data'] = Object.create(data))),
  fc.constant<Change>((event, data) => (event['data'] = new Proxy(data, {}))),
);

/** Makes something that is nearly an event of one of the types, or one that is unusual and right. */
export function nearEvent(types?: readonly EventType[]): fc.Arbitrary<Make> {
  return fc.tuple(anyCandidate(types), change).map(([candidate, apply]): Make => () => {
    const data: Record<string, unknown> = { ...candidate.data };
    const event: Record<string, unknown> & Partial<Candidate> = { ...candidate, data };
    apply(event, data);
    return event;
  });
}
