import fc from 'fast-check';
import { fingerprintOf, parseFingerprint } from './fingerprint';

const anyName = fc.string({ unit: 'binary', minLength: 1 }).filter((name) => !/[=,{}"]/.test(name));
const anyLabels = fc.dictionary(anyName, fc.string({ unit: 'binary' }));

describe('parseFingerprint', () => {
  it('takes apart what fingerprintOf put together, whatever the values say', () => {
    fc.assert(
      fc.property(anyName, anyLabels, (condition, labels) => {
        const parsed = parseFingerprint(fingerprintOf(condition, labels));

        expect(parsed.condition).toBe(condition);
        expect(Object.entries(parsed.labels).sort()).toEqual(Object.entries(labels).sort());
      }),
    );
  });

  it.each([
    '',
    'manual',
    '{a="b"}',
    'a{b}',
    'a{b="c}',
    'a{b="c",}',
    'a{b="\\x"}',
    'a{b="c"}d',
    'a{,b="c"}',
    'a{b="c"d="e"}',
  ])('takes %j for a condition without labels', (text) => {
    expect(parseFingerprint(text)).toEqual({ condition: text, labels: {} });
  });

  it('does not hang on a long text that is nearly one', () => {
    const text = `a{${'b="\\\\'.repeat(50_000)}}`;

    expect(parseFingerprint(text).condition).toBe(text);
  });
});
