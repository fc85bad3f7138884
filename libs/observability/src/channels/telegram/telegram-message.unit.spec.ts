import fc from 'fast-check';
import { telegramMessage, toHtml, toPlainText } from './telegram-message';
import { notification } from '../testing/notification';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), fc.nat(3_000))
    .map(([t, n]) => t.repeat(n)),
  fc.constantFrom('<b>&', '_*[', '@everyone', '</b>'.repeat(2_000), '&'.repeat(5_000)),
);
const anyFields = fc.array(fc.tuple(anyText, anyText), { maxLength: 60 }).map(Object.fromEntries<string>);

/** The text that Telegram makes of its HTML: fails on any tag but `<b>`, an unclosed one, or a character left unescaped. */
function parseEntities(html: string): string {
  const text = html.replace(/<b>([^<>]*)<\/b>/g, '$1');
  expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

describe('telegramMessage', () => {
  it('reads from the level down to the time', () => {
    const spans = telegramMessage(
      notification({ delayedMs: 200_000, fields: { Scope: 'BTCUSDT', Limit: '< 5 %' } }),
    );

    expect(toHtml(spans)).toBe(
      [
        '<b>🔴 CRITICAL · Circuit breaker tripped: BTCUSDT</b>',
        '⚠️ delayed by 3 min 20 s',
        '',
        'Drawdown reached 6 % (limit 5 %). Trading is stopped.',
        '',
        '<b>Scope:</b> BTCUSDT',
        '<b>Limit:</b> &lt; 5 %',
        '',
        '2026-11-24 03:12:07 UTC · alert 0192f0c1',
      ].join('\n'),
    );
  });

  it('has the same text with and without markup', () => {
    const spans = telegramMessage(notification({ message: 'a < b & c > d' }));

    expect(parseEntities(toHtml(spans))).toBe(toPlainText(spans));
  });

  it('keeps names from becoming mentions', () => {
    const text = toPlainText(telegramMessage(notification({ message: 'ask @everyone or @trader_1' })));

    expect(text).toContain('ask @\u2060everyone or @\u2060trader_1');
  });

  it.each(['<b>&', '_*[', '🔥'.repeat(10_000), '</b><a href="https://evil.example">Telegram</a>'])(
    'stays valid and within the limit with %#',
    (text) => {
      const spans = telegramMessage(notification({ title: text, message: text, fields: { [text]: text } }));

      expect(parseEntities(toHtml(spans)).length).toBeLessThanOrEqual(4_096);
    },
  );

  it('links the runbook, and counts its address, which is shown where there is no markup', () => {
    const runbookUrl = 'https://runbooks.example/?a=1&b="strategy_panic.md';
    const spans = telegramMessage(notification({ runbookUrl, message: 'x'.repeat(5_000) }));

    expect(toHtml(spans)).toMatch(
      / · <a href="https:\/\/runbooks\.example\/\?a=1&amp;b=&quot;strategy_panic\.md">Runbook<\/a>$/,
    );
    expect(toPlainText(spans)).toMatch(/Runbook: https:\/\/runbooks\.example\/\?a=1&b="strategy_panic\.md$/);
    expect(toPlainText(spans).length).toBeLessThanOrEqual(4_096);
  });

  it('keeps any notification within the limit, in whole entities and whole characters', () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        anyFields,
        fc.constantFrom(1_000, 4_096),
        (title, message, fields, limit) => {
          const html = toHtml(telegramMessage(notification({ title, message, fields }), limit));

          expect(parseEntities(html).length).toBeLessThanOrEqual(limit);
          expect(html).not.toMatch(/\p{Cs}/u);
          expect(html).toContain('2026-11-24 03:12:07 UTC');
        },
      ),
    );
  });
});
