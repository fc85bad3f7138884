import { redactor } from './redaction';

describe('redactor', () => {
  it.each([
    ['as it is', 'POST https://a/botS"3/x', 'POST https://a/bot***/x'],
    ['as JSON escapes it', JSON.stringify({ token: 'S"3' }), '{"token":"***"}'],
    ['as a URL encodes it', `?token=${encodeURIComponent('S"3')}`, '?token=***'],
    ['more than once', 'S"3S"3 S"3', '****** ***'],
  ])('finds a secret %s', (_, text, expected) => {
    expect(redactor(['S"3'])(text)).toBe(expected);
  });

  it('replaces a whole before its parts', () => {
    expect(redactor(['/T/B', 'https://a/T/B'])('at https://a/T/B')).toBe('at ***');
  });

  it('takes secrets for text, not for patterns', () => {
    expect(redactor(['a.c', '$&'])('abc a.c $&')).toBe('abc *** ***');
  });

  it('leaves everything alone when there is no secret', () => {
    expect(redactor([''])('text')).toBe('text');
  });
});
