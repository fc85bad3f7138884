import fc from 'fast-check';
import { emailMessage } from './email-message';
import { notification } from '../testing/notification';

const TAGS = /<\/?(?:p|b|br|table|tr|td)>/g;

describe('emailMessage', () => {
  it('says in plain text and in HTML what happened', () => {
    const message = emailMessage(
      notification({ message: 'one\ntwo', possibleDuplicate: true }),
      'desk.example',
    );

    expect(message.subject).toBe('🔴 CRITICAL · Circuit breaker tripped: BTCUSDT (possible duplicate)');
    expect(message.text).toBe(
      [
        '🔴 CRITICAL · Circuit breaker tripped: BTCUSDT (possible duplicate)',
        'one\ntwo',
        'Scope: BTCUSDT\nThreshold: 5 %',
        '2026-11-24 03:12:07 UTC · alert 0192f0c1',
      ].join('\n\n'),
    );
    expect(message.html).toBe(
      [
        '<p><b>🔴 CRITICAL · Circuit breaker tripped: BTCUSDT</b> (possible duplicate)</p>',
        '<p>one<br>two</p>',
        '<table><tr><td><b>Scope</b></td><td>BTCUSDT</td></tr><tr><td><b>Threshold</b></td><td>5 %</td></tr></table>',
        '<p>2026-11-24 03:12:07 UTC · alert 0192f0c1</p>',
      ].join('\n'),
    );
  });

  it('is urgent while something critical goes on', () => {
    const urgent = (given: object): boolean =>
      'Importance' in emailMessage(notification(given), 'desk.example').headers;

    expect(urgent({})).toBe(true);
    expect(urgent({ level: 'ERROR' })).toBe(false);
    expect(urgent({ kind: 'resolved' })).toBe(false);
  });

  it('has no markup but its own, and a short subject of one line, whatever a notification says', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('<b>', '</td>', '&lt;', '<a href="x">', '\r\nBcc: x', '👩‍👩‍👧‍👦'.repeat(100)),
    );
    fc.assert(
      fc.property(anyText, anyText, anyText, (title, message, value) => {
        const made = emailMessage(
          notification({ title, message, fields: { [title]: value } }),
          'desk.example',
        );

        expect(made.subject.length).toBeLessThanOrEqual(200);
        expect(made.subject).not.toMatch(/\p{Cc}|\p{Cs}/u);
        expect(made.html.replace(TAGS, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      }),
    );
  });

  it('links the runbook', () => {
    const { text, html } = emailMessage(
      notification({ runbookUrl: 'https://runbooks.example/?a=1&b="strategy_panic' }),
      'desk.example',
    );

    expect(text).toContain('\nRunbook: https://runbooks.example/?a=1&b="strategy_panic\n');
    expect(html).toContain('<a href="https://runbooks.example/?a=1&amp;b=&quot;strategy_panic">Runbook</a>');
  });

  it('says how many fields it left out', () => {
    const fields = Object.fromEntries(Array.from({ length: 103 }, (_, n) => [`f${n}`, String(n)]));

    expect(emailMessage(notification({ fields }), 'desk.example').text).toContain('3 more fields not shown');
  });
});
