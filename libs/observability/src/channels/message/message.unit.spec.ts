import { formatAlert, headline, whenAndWhich } from './message';
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

  it('says after the text of a reminder how things stand now', () => {
    const reminder = notification({
      message: 'Trading is stopped.',
      standing: 'Not trading: circuit breaker',
    });
    expect(formatAlert(reminder).body).toBe('Trading is stopped.\nNow: Not trading: circuit breaker');
  });

  it('names the bot at the end of the first line', () => {
    const labels = { scope: 'BTCUSDT', bot: 'mm-btc-1' };
    expect(headline(formatAlert(notification({ title: 'Halted', labels })))).toBe(
      '🔴 CRITICAL · Halted · mm-btc-1',
    );
  });

  it('gives the time in the configured time zone, and says so when there is none', () => {
    expect(formatAlert(notification()).time).toBe('2026-11-24 03:12:07 UTC');
    expect(formatAlert(notification({ timeZone: 'America/New_York' })).time).toBe(
      '2026-11-23 22:12:07 UTC−5',
    );
    expect(formatAlert(notification({ timestamp: new Date(Number.NaN) })).time).toBe('time unknown');
  });

  it('ends with the beginning of the id that the commands take', () => {
    expect(whenAndWhich(formatAlert(notification()))).toBe('2026-11-24 03:12:07 UTC · alert 0192f0c1');
    expect(whenAndWhich(formatAlert(notification({ kind: 'test' })))).toBe('2026-11-24 03:12:07 UTC');
  });

  it('has the commands that would succeed now', () => {
    const awaitsAcknowledgement = true;
    expect(formatAlert(notification()).commands).toBe('');
    expect(formatAlert(notification({ awaitsAcknowledgement })).commands).toBe(
      'Acknowledge: npx opensqt alerts ack 0192f0c1\n' +
        'Silence: npx opensqt alerts silence condition=circuit_breaker_trip scope=BTCUSDT --for 1h --reason TEXT',
    );
  });

  it.each(["a'; rm -rf /", '$(id)', 'two words', '-x y', '', '`id`', 'a|b'])(
    'has no command with a label that a shell would read as more than text: %j',
    (scope) => {
      const { commands } = formatAlert(notification({ awaitsAcknowledgement: true, labels: { scope } }));
      expect(commands).not.toContain('Silence');
    },
  );

  it('has no number with an exponent, wherever it comes from', () => {
    const fields = { Rate: '1e-7', Price: 1e-7 as unknown as string };
    const parts = formatAlert(
      notification({ title: 'Rate 1e-7', message: 'Rate is 1.5e+21 (limit 1e-7).', fields }),
    );
    expect([parts.title, parts.body, ...parts.fields.map(({ value }) => value)]).toEqual([
      'Rate 0.0000001',
      'Rate is 1500000000000000000000 (limit 0.0000001).',
      '0.0000001',
      '0.0000001',
    ]);
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
