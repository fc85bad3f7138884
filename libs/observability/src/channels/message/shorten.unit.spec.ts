import fc from 'fast-check';
import { escapeMarkdown } from '../discord/discord-message';
import { escapeMarkup } from '../../format/plain-text';
import { shorten } from './shorten';

const anyText = fc.string({ unit: 'binary', maxLength: 400 });

describe('shorten', () => {
  it('leaves text alone that fits', () => {
    expect(shorten('fits', 4)).toBe('fits');
  });

  it('says how many characters were cut', () => {
    const short = shorten('a'.repeat(5_000), 100);

    expect(short).toBe(`${'a'.repeat(76)}… (4,924 characters cut)`);
    expect(short).toHaveLength(100);
  });

  it.each(['👩‍👩‍👧‍👦', '👍🏽', '🇪🇺', 'e\u0301'])('cuts before or after %s, never inside it', (grapheme) => {
    const text = grapheme.repeat(200);
    for (let limit = 30; limit < 60; limit++) {
      const [kept = ''] = shorten(text, limit).split('…');

      expect(kept).toBe(grapheme.repeat(kept.length / grapheme.length));
    }
  });

  it('keeps to limits that are too small to say anything', () => {
    expect(shorten('long enough', 5)).toBe('long…');
    expect(shorten('long enough', 1)).toBe('…');
    expect(shorten('long enough', 0)).toBe('');
  });

  it('keeps any text within any limit, by length and by the length that escaping gives it', () => {
    const escapedLength = (text: string): number => escapeMarkup(text).length;
    // The parentheses of the note are escaped too.
    const markdownLength = (text: string): number => escapeMarkdown(text).length;
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 300 }), (text, limit) => {
        expect(shorten(text, limit).length).toBeLessThanOrEqual(limit);
        expect(escapedLength(shorten(text, limit, escapedLength))).toBeLessThanOrEqual(limit);
        expect(markdownLength(shorten(text, limit, markdownLength))).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
