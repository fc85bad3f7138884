/** Texts that break a terminal, a page, a log line or a parser where they are passed on as they come. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...[
    'a\nLevel: CRITICAL',
    'a\r\nSet-Cookie: a=b',
    'a\u0000b',
    '\u001b[2J\u001b[31mred',
    '\u009b2J',
    'a\u0085b',
  ],
  ...['\u202egnp.exe', '\u2066BTC\u2069', '\u200bBTC', '\ufeffBTC', 'a\u2028b', '\ud800', 'X\udc00'],
  ...['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '<!channel> <@U1>', '[a](javascript:1)'],
  ...["'; DROP TABLE events; --", '${jndi:ldap://a/b}', '{{7*7}}', '%00%ff%', '../../../etc/passwd', '\\'],
  ...['__proto__', 'constructor', 'toString', '{', '"', '# HELP a', 'a="b",le="+Inf"', ' ', ''],
  ...['👩‍👩‍👧‍👦'.repeat(5_000), 'x'.repeat(1_000_000)],
];

/** Numbers as texts and as numbers that no amount, time or count is. */
export const HOSTILE_NUMBERS: readonly unknown[] = [
  ...[
    '1e400',
    '-1e400',
    '1e-400',
    '-0',
    '+1',
    'NaN',
    'Infinity',
    '0x10',
    '1_000',
    '٣',
    '１２',
    '1,5',
    '1.2.3',
    '.',
  ],
  ...['9'.repeat(1_000_000), `0.${'0'.repeat(1_000_000)}1`, `1e${'9'.repeat(30)}`],
  ...[NaN, Infinity, -Infinity, -0, -1, 1e308, 5e-324, Number.MAX_SAFE_INTEGER, 2 ** 64, 10n ** 30n],
];

/** Characters that must reach no terminal and no log as they are. Lines and tabs are a log's own. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
export const UNSHOWABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
