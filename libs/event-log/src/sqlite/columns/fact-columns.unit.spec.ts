import type { Fact } from '@opensqt/trading-events';
import fc from 'fast-check';
import { decodeFacts, encodeFacts } from './fact-columns';

type Data = Readonly<Record<string, unknown>>;

interface Sample {
  readonly type: string;
  readonly version: number;
  readonly occurredAt: number;
  readonly data: Data;
}

function facts(samples: readonly Sample[]): readonly Fact[] {
  return parsed(samples) as readonly Fact[];
}

/** What the JSON path gives. */
function parsed(samples: readonly Sample[]): readonly unknown[] {
  return samples.map((sample) => ({ ...sample, data: JSON.parse(JSON.stringify(sample.data)) as unknown }));
}

const any = (): boolean => true;

const name = fc.constantFrom('symbol', 'price', 'n', '7', 'ключ', '__proto__', 'toString', '');
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('BTCUSDT', '0.001', '', '\ud800', '\udc00'),
);
const flat = fc.dictionary(name, fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true })));
const nested = fc.dictionary(name, fc.oneof(text, fc.boolean(), fc.constant(null), fc.array(fc.nat()), flat));
const sample: fc.Arbitrary<Sample> = fc.record({
  type: fc.constantFrom('order.placed', 'order.filled', 'alert.raised'),
  version: fc.constantFrom(1, 2),
  occurredAt: fc.double({ min: 0, max: 2e12, noNaN: true }),
  data: fc.oneof(flat, nested),
});

describe('facts in columns', () => {
  it('come out as JSON would have given them, whatever their data is, order of the fields included', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const decoded = decodeFacts(encodeFacts(facts(samples)), any);
        expect(decoded).toEqual(parsed(samples));
        expect(JSON.stringify(decoded?.map(({ data }) => data))).toBe(
          JSON.stringify(samples.map(({ data }) => JSON.parse(JSON.stringify(data)) as unknown)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('keep more distinct texts than a dictionary holds', () => {
    const samples = Array.from({ length: 1_000 }, (_, i) => ({
      type: 'order.canceled',
      version: 1,
      occurredAt: i,
      data: { orderId: `order-${i}`, symbol: `SYM${i % 300}`, side: i % 2 === 0 ? 'buy' : 'sell' },
    }));
    expect(decodeFacts(encodeFacts(facts(samples)), any)).toEqual(parsed(samples));
  });

  it('can be read from bytes that are not aligned', () => {
    const samples = [{ type: 'order.filled', version: 1, occurredAt: 1.5, data: { price: '1', n: 2 } }];
    const chunk = encodeFacts(facts(samples));
    const shifted = new Uint8Array(chunk.length + 1);
    shifted.set(chunk, 1);
    expect(decodeFacts(shifted.subarray(1), any)).toEqual(parsed(samples) as readonly Fact[]);
  });

  it('are left to the JSON when the format is another one', () => {
    const chunk = Buffer.from(encodeFacts([]));
    const other = Buffer.from(chunk.toString('latin1').replace('"format":1', '"format":2'), 'latin1');
    expect(decodeFacts(other, any)).toBeUndefined();
  });

  it('are left to the JSON when a later release knows them in another version', () => {
    const samples = [{ type: 'order.filled', version: 1, occurredAt: 1, data: { price: '1' } }];
    const chunk = encodeFacts(facts(samples));
    expect(decodeFacts(chunk, (type, version) => type !== 'order.filled' || version === 2)).toBeUndefined();
  });
});
