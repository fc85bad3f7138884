import { exact, exactSigned, percentOf, rounded, roundedSigned } from './decimal';

describe('decimals', () => {
  it.each([
    ['-1066.3750', 2, '−1,066.38'],
    ['0.005', 2, '0.01'],
    ['-0.004', 2, '0.00'],
    ['999.995', 2, '1,000.00'],
    ['1e3', 2, '1,000.00'],
    ['1.5e-7', 2, '0.00'],
    ['12345678901234567890.125', 2, '12,345,678,901,234,567,890.13'],
    ['7.5', 0, '8'],
  ])('rounds %s to %i digits, half away from zero', (text, digits, words) => {
    expect(rounded(text, digits)).toBe(words);
  });

  it('keeps every digit that came', () => {
    expect(exact('61195.0')).toBe('61,195.0');
    expect(exact('1.5e-7')).toBe('0.00000015');
    expect(exact('no number <b>')).toBe('no number <b>');
  });

  it('signs what is not zero', () => {
    expect([exactSigned('0.5'), exactSigned('0'), roundedSigned('-0.001'), roundedSigned('12')]).toEqual([
      '+0.5',
      '0',
      '0.00',
      '+12.00',
    ]);
  });

  it('says no part of a limit where one is not known or zero', () => {
    expect([percentOf('1250', '2500'), percentOf(null, '1'), percentOf('1', '0')]).toEqual([50, null, null]);
  });
});
