import fc from 'fast-check';
import { escapeControls, formatDuration } from './format';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.000_1, '0.0001 ms'],
    [4.567_8, '4.57 ms'],
    [856, '856 ms'],
    [999.9, '1 s'],
    [9_500, '9.5 s'],
    [9_999, '10 s'],
    [45_000, '45 s'],
    [59_999, '1 min'],
    [200_000, '3 min 20 s'],
    [14_400_000, '4 h'],
    [7_500_000, '2 h 5 min'],
    [108_000_000, '1 d 6 h'],
    [-9_500, '−9.5 s'],
    [Number.NaN, 'unknown'],
  ])('writes %d ms as %s', (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });

  it.each([
    [500.4, '500.4 ms'],
    [30_400, '30.4 s'],
    [90_061_001, '1 d 1 h 1 min 1.001 s'],
  ])('writes all of %d ms as %s', (ms, expected) => {
    expect(formatDuration(ms, 'exact')).toBe(expected);
  });

  it('never writes an exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (ms) => {
        expect(formatDuration(ms) + formatDuration(ms, 'exact')).not.toMatch(/\de/);
      }),
    );
  });
});

describe('escapeControls', () => {
  it.each([
    ['colours', 'a\u001b[31mb', 'a\\u001b[31mb'],
    ['C1 controls', 'a\u009b31mb', 'a\\u009b31mb'],
    ['reversed text', 'a\u202eb\u2066c\u061c', 'a\\u202eb\\u2066c\\u061c'],
    ['carriage returns', 'a\rb\u2028', 'a\\u000db\\u2028'],
    ['nothing of plain text', 'a\tb\nÄ 😀', 'a\tb\nÄ 😀'],
  ])('writes %s as they are written in JSON', (_, text, escaped) => {
    expect(escapeControls(text)).toBe(escaped);
  });

  it('leaves JSON the same JSON', () => {
    const value = { '\u009b': 'a\u202e\u0000"\\' };
    const text = escapeControls(JSON.stringify(value));
    expect(text).not.toMatch(/[\u009b\u202e]/);
    expect(JSON.parse(text)).toEqual(value);
  });
});
