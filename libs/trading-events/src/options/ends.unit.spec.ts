import { strangeEnd, withoutLineBreak } from './ends';

describe('the ends of a text from outside', () => {
  it.each([
    ['token\n', 'token'],
    ['token\r\n', 'token'],
    ['token\n\n', 'token\n'],
    ['a\nb', 'a\nb'],
    ['token\r', 'token\r'],
    ['', ''],
  ])('lose one line break: %j', (written, expected) => {
    expect(withoutLineBreak(written)).toBe(expected);
  });

  it.each([
    ['token\r', 'without a carriage return (CR) at its end'],
    ['token\n', 'without a further line break at its end'],
    ['\ttoken', 'without a tab at its beginning'],
    ['token\u200b', 'without the invisible character U+200B at its end'],
    ['\ufefftoken', 'without the invisible character U+FEFF at its beginning'],
    ['token\u00a0', 'without the invisible character U+00A0 at its end'],
    ['\u202etoken', 'without the invisible character U+202E at its beginning'],
    ['\u{e0001}token', 'without the invisible character U+E0001 at its beginning'],
    ['"token"', 'without the quotation marks around it'],
    ["'token'", 'without the quotation marks around it'],
    ['\u201ctoken\u201d', 'without the quotation marks around it'],
    ['\u201dtoken\u201d', 'without the quotation marks around it'],
    ['\u201etoken\u201c', 'without the quotation marks around it'],
  ])('are refused where they are not meant: %j', (text, demand) => {
    expect(strangeEnd(text)).toBe(demand);
  });

  it.each(['token', ' token ', "pass'", '"#:{', '"', '', 'to\u200bken', '🔴'])('are fine: %j', (text) => {
    expect(strangeEnd(text)).toBeUndefined();
  });

  it('may be quotation marks where a text in them can be meant', () => {
    expect(strangeEnd('"a"', true)).toBeUndefined();
    expect(strangeEnd('"a"\u200b', true)).toBeDefined();
  });
});
