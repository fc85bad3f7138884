import { type FieldRule, amount, decimal, label, quantity } from './field-rules';
import { seededRandom } from '../random';

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

const reasonOf = (rule: FieldRule, value: unknown) => rule.check(value)?.reason;

describe('The rules of fields', () => {
  it('accept for a decimal string what the pattern of one accepts', () => {
    const edges = ['', '-', '.', '0.', '.0', '-.5', '1.2.3', '9'.repeat(40), '9'.repeat(41)];
    const fractions = [`1.${'9'.repeat(40)}`, `1.${'9'.repeat(41)}`, `-${'9'.repeat(40)}.${'9'.repeat(40)}`];
    for (const value of [...edges, ...fractions, ...candidates]) {
      expect([value, reasonOf(decimal, value)]).toEqual([
        value,
        DECIMAL.test(value) ? undefined : 'not_decimal',
      ]);
    }
  });

  it('see in the digits whether an amount is negative, zero or above', () => {
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
    [null, 'not_decimal'],
    [{}, 'not_decimal'],
  ])('refuse %p where a decimal string belongs, as %s', (value, reason) => {
    for (const rule of [decimal, amount, quantity]) expect(reasonOf(rule, value)).toBe(reason);
  });

  it('judge a label the same however often it comes, and however many came before', () => {
    const good = ['BTCUSDT', 'a', 'Ünï✓', 'x'.repeat(64)];
    const bad = ['', ' a', 'a\nb', 'a"b', 'a\\b', '{a', 'x'.repeat(65)];
    for (let i = 0; i < 5_000; i++) expect(label.check(`label-${i}`)).toBeUndefined();
    for (let round = 0; round < 2; round++) {
      for (const value of good) expect([value, reasonOf(label, value)]).toEqual([value, undefined]);
      for (const value of bad) expect([value, reasonOf(label, value)]).toEqual([value, 'bad_label']);
      expect(reasonOf(label, 7)).toBe('wrong_type');
    }
  });
});
