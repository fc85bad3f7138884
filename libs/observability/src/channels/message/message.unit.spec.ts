import { formatAlert, headline } from './message';
import { notification } from '../testing/notification';

describe('formatAlert', () => {
  it.each([
    [{ level: 'CRITICAL' }, '🔴 CRITICAL · Halted'],
    [{ level: 'ERROR' }, '🟠 ERROR · Halted'],
    [{ level: 'WARNING' }, '🟡 WARNING · Halted'],
    [{ level: 'INFO' }, '🔵 INFO · Halted'],
    [{ level: 'ERROR', kind: 'escalated' }, '⬆️ ESCALATED to ERROR · Halted'],
    [{ level: 'ERROR', kind: 'repeated' }, '🟠 ERROR, still firing · Halted'],
    [{ level: 'CRITICAL', kind: 'resolved' }, '✅ RESOLVED · Halted'],
    [{ level: 'INFO', kind: 'test' }, '🧪 TEST (INFO) · Halted'],
  ] as const)('begins %j with "%s"', (given, expected) => {
    expect(headline(formatAlert(notification({ title: 'Halted', ...given })))).toBe(expected);
  });

  it('marks what may be a duplicate and what comes late', () => {
    expect(formatAlert(notification()).marks).toEqual([]);
    expect(formatAlert(notification({ possibleDuplicate: true, delayedMs: 200_000 })).marks).toEqual([
      'possible duplicate',
      'delayed by 3 min 20 s',
    ]);
  });

  it('gives the time in UTC, and says so when there is none', () => {
    expect(formatAlert(notification()).time).toBe('2026-11-24 03:12:07 UTC');
    expect(formatAlert(notification({ timestamp: new Date(Number.NaN) })).time).toBe('time unknown');
  });

  it('keeps the order of the fields and gives empty ones a dash', () => {
    const { fields } = formatAlert(notification({ fields: { Value: '', Scope: 'BTCUSDT' } }));

    expect(fields).toEqual([
      { name: 'Value', value: '–' },
      { name: 'Scope', value: 'BTCUSDT' },
    ]);
  });

  it('takes control characters, reversed text and lone surrogates out', () => {
    const message = formatAlert(
      notification({ title: 'a\u001b[31m\r\nb\u2028\u202ec', message: 'x\u0000\r\n\n\n\ny\ud83d' }),
    );

    expect(message.title).toBe('a [31m b c');
    expect(message.body).toBe('x \n\ny\ufffd');
  });
});
