import { seededRandom } from '../random';
import { amount, decimal, measure, quantity } from './decimal-rules';
import type { FieldRule } from './catalogue-entry';
import { errorDetails, record } from './field-rules';
import { count, deadline, duration, time } from './number-rules';
import { Fault } from './rejection';
import { id, label, name, text } from './text-rules';

const DECIMAL = /^-?\d{1,40}(\.\d{1,40})?$/;

const random = seededRandom('field-rules');
const pick = (from: string): string => from[Math.floor(random() * from.length)] ?? '';

/** Decimals, and what is one character away from being one. */
const candidates = Array.from({ length: 20_000 }, () => {
  const digits = () =>
    Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick('0000123456789')).join('');
  const whole = `${pick('- ').trim()}${digits()}`;
  const text = random() < 0.5 ? whole : `${whole}.${digits()}`;
  if (random() < 0.4) return text;
  const at = Math.floor(random() * (text.length + 1));
  return text.slice(0, at) + pick('.-+e0 \n٣/:') + text.slice(at + Math.floor(random() * 2));
});

function reasonOf(rule: FieldRule, value: unknown): string | undefined {
  const parsed = rule.parse(value);
  return parsed instanceof Fault ? parsed.reason : undefined;
}

describe('decimal strings', () => {
  it('are what the pattern of one accepts', () => {
    const edges = ['', '-', '.', '0.', '.0', '-.5', '1.2.3', '9'.repeat(40), '6e4', '1e-7', '+1'];
    for (const value of [...edges, ...candidates]) {
      const reason = DECIMAL.test(value) ? undefined : 'not_decimal';
      expect([value, reasonOf(decimal, value)]).toEqual([value, reason]);
    }
  });

  it.each([
    ['40 digits before the point', '9'.repeat(40), undefined],
    ['41 digits before the point', '9'.repeat(41), 'out_of_range'],
    ['an exponent of -40', `-0.${'0'.repeat(39)}1`, undefined],
    ['an exponent of -41', `0.${'0'.repeat(40)}1`, 'out_of_range'],
    ['40 digits on both sides together', `${'9'.repeat(20)}.${'9'.repeat(20)}`, undefined],
    ['41 digits on both sides together', `${'9'.repeat(20)}.${'9'.repeat(21)}`, 'out_of_range'],
    ['zeros that do not count', `000${'9'.repeat(20)}.${'9'.repeat(20)}000`, undefined],
    ['digits without end', '1'.repeat(1_000_000), 'out_of_range'],
  ])('have limits: %s', (_what, value, reason) => {
    expect(reasonOf(decimal, value)).toBe(reason);
  });

  it('show in their digits whether they are negative, zero or above', () => {
    for (const value of candidates.filter((candidate) => DECIMAL.test(candidate))) {
      const isZero = !/[1-9]/.test(value);
      const isNegative = !isZero && value.startsWith('-');
      expect([value, reasonOf(amount, value)]).toEqual([value, isNegative ? 'negative' : undefined]);
      const expected = isZero ? 'not_positive' : isNegative ? 'negative' : undefined;
      expect([value, reasonOf(quantity, value)]).toEqual([value, expected]);
    }
  });

  it.each([
    [NaN, 'not_finite'],
    [Infinity, 'not_finite'],
    [1, 'not_decimal'],
    [10n, 'not_decimal'],
    [null, 'not_decimal'],
    [{}, 'not_decimal'],
  ])('are not %p: %s', (value, reason) => {
    for (const rule of [decimal, amount, quantity]) expect(reasonOf(rule, value)).toBe(reason);
  });
});

describe('numbers', () => {
  it.each([
    [1_700_000_000, 'seconds: multiply it by 1,000'],
    [1_700_000_000_000_000, 'microseconds: divide it by 1,000'],
    [1_700_000_000_000_000_000, 'nanoseconds: divide it by 1,000,000'],
  ])('that are times in another unit are recognised: %p', (value, remedy) => {
    expect(time.parse(value)).toMatchObject({
      reason: 'wrong_unit',
      allowed: expect.stringContaining(remedy),
    });
  });

  it('that are times lie between 2000 and 2200, and deadlines up to ten years later', () => {
    for (const value of [Date.UTC(2000, 0), Date.UTC(2200, 0), Date.UTC(2026, 0) + 0.5])
      expect(time.parse(value)).toBe(value);
    for (const value of [Date.UTC(1999, 11, 31), Date.UTC(2200, 0) + 1, 0, 1e300])
      expect(reasonOf(time, value)).toBe('out_of_range');
    expect(reasonOf(deadline, Date.UTC(2209, 0))).toBeUndefined();
    expect(reasonOf(deadline, Date.UTC(2300, 0))).toBe('out_of_range');
  });

  it('that are durations last up to ten years', () => {
    const day = 86_400_000;
    expect(reasonOf(duration, 3_652 * day)).toBeUndefined();
    expect(reasonOf(duration, 3_700 * day)).toBe('out_of_range');
    expect([NaN, -1, '1', 1n].map((value) => reasonOf(duration, value))).toEqual([
      'not_finite',
      'negative',
      'wrong_type',
      'wrong_type',
    ]);
  });

  it('are never minus zero, which JSON does not know', () => {
    for (const rule of [duration, count, measure]) expect(Object.is(rule.parse(-0), 0)).toBe(true);
    expect(record.parse({ a: -0 })).toEqual({ a: 0 });
  });

  it('that measure have an exponent within ±40', () => {
    for (const value of [1e40, 1e-40, -2.5, 0]) expect(measure.parse(value)).toBe(value);
    for (const value of [1e41, -1e308, 5e-324]) expect(reasonOf(measure, value)).toBe('out_of_range');
  });
});

describe('labels, ids and names', () => {
  it('are judged the same however often a label comes, and however many came before', () => {
    const good = ['BTCUSDT', 'a', 'Ünï✓', '🚀', 'x'.repeat(64)];
    const bad = ['', ' a', 'a\nb', 'a"b', 'a\\b', '{a', 'x'.repeat(65), 'X\ud800', '\udc00', 'a\u0085'];
    for (let i = 0; i < 5_000; i++) expect(label.parse(`label-${i}`)).toBe(`label-${i}`);
    for (let round = 0; round < 2; round++) {
      for (const value of good) expect([value, reasonOf(label, value)]).toEqual([value, undefined]);
      for (const value of bad) expect([value, reasonOf(label, value)]).toEqual([value, 'bad_label']);
      expect(reasonOf(label, 7)).toBe('wrong_type');
    }
  });

  it('are well-formed Unicode of at most 256 characters without control characters', () => {
    for (const value of ['1', 'ä b', '🚀', 'x'.repeat(256)]) expect(id.parse(value)).toBe(value);
    for (const value of ['x'.repeat(257), 'a\u0000', 'a\n', '\u007f', '🚀\u0085', 'a\ud800', '\udc00a'])
      for (const rule of [id, name]) expect([value, reasonOf(rule, value)]).toEqual([value, 'bad_id']);
    expect([reasonOf(id, ''), reasonOf(name, '')]).toEqual(['bad_id', undefined]);
  });
});

describe('texts', () => {
  it('are cut at 8 KB, between two characters, and say so; once is enough', () => {
    for (const long of ['x'.repeat(9_000), 'ä'.repeat(4_100), `a${'🚀'.repeat(5_000)}`]) {
      const cut = String(text.parse(long));
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(8_192);
      expect(Buffer.byteLength(cut)).toBeGreaterThan(8_180);
      expect(cut).toMatch(new RegExp(` … \\(cut at 8 KB; it has ${long.length} characters\\)$`));
      expect(cut).not.toContain('\ufffd');
      expect(text.parse(cut)).toBe(cut);
    }
    expect(text.parse('ä'.repeat(4_096))).toBe('ä'.repeat(4_096));
  });

  it('are made well-formed, and may hold line breaks and other control characters', () => {
    expect(text.parse('a\ud800b\n\u0000')).toBe('a\ufffdb\n\u0000');
  });
});

describe('objects', () => {
  it('are copied as plain data, whatever they are', () => {
    const given = {
      a: 'x',
      b: [1, { c: null }],
      d: undefined,
      ...(JSON.parse('{"__proto__":"y"}') as object),
    };
    const copy = record.parse(given);
    expect(JSON.parse(JSON.stringify(copy))).toEqual(copy);
    expect(Object.keys(copy as object)).toEqual(['a', 'b', '__proto__']);
    expect(Object.isFrozen((copy as { b: unknown }).b)).toBe(true);
  });

  it('that have no end, no plain value or a bad name are refused', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect(reasonOf(record, cyclic)).toBe('out_of_range');
    expect(
      reasonOf(
        record,
        Array.from({ length: 1_001 }, () => 1),
      ),
    ).toBe('out_of_range');
    for (const value of [1n, NaN, () => 1, Symbol('s')])
      expect(reasonOf(record, { a: value })).toBe('wrong_type');
    expect(reasonOf(record, { 'a\ud800': 1 })).toBe('bad_id');
  });

  it('that are errors keep name, message and stack', () => {
    const error = new RangeError('beyond');
    expect(errorDetails.parse(error)).toEqual({ name: 'RangeError', message: 'beyond', stack: error.stack });
    expect(errorDetails.parse({ name: 'E', message: 'm', code: 7n })).toEqual({ name: 'E', message: 'm' });
    for (const value of ['beyond', null, { name: 'E' }, { name: 'E', message: 1 }])
      expect(reasonOf(errorDetails, value)).toBe('wrong_type');
  });
});
