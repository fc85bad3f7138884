import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { HOSTILE_NUMBERS, HOSTILE_TEXTS } from './values';

/** An attack's answer; undefined where the connection was ended without one. */
export interface Answered {
  readonly attack: string;
  readonly status: number | undefined;
  readonly type: string;
  readonly text: string;
}

/** A request that nobody sends in good faith. */
export interface Attack {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

const READ = [
  ...['/metrics', '/health', '/health/ready', '/alerts', '/alerts/history', '/alerts/silences'],
  ...['/alerts/dead-letters', '/api/v1/overview', '/api/v1/series', '/api/v1/events', '/api/v1/timeline'],
  ...['/api/v1/alerts', '/api/v1/channels', '/api/v1/breakers', '/api/v1/session', '/'],
];
const PARAMETERS = [
  ...['limit', 'cursor', 'before', 'after', 'at', 'from', 'to', 'points', 'symbol', 'type', 'alert'],
  ...['bot', 'buckets', 'status', '__proto__', 'limit[toString]', 'limit[]'],
];
const CHANGED = [
  ...['/alerts/a/acknowledge', '/alerts/a/resolve', '/alerts/silences', '/alerts/test', '/alerts/drill'],
  ...['/breakers/global/reset', '/api/v1/silences', '/api/v1/silences/preview', '/api/v1/session'],
];
const IN_PATHS = [
  ...[
    '/alerts/*/acknowledge',
    '/breakers/*/reset',
    '/alerts/dead-letters/*/resend',
    '/api/v1/alerts/*/resolve',
  ],
  ...['/api/v1/channels/*/test'],
];

const texts = [...HOSTILE_TEXTS, ...HOSTILE_NUMBERS.map(String)].map((text) => text.toWellFormed());
/** Texts that fit into a line of a request; the others are refused before anybody reads them. */
const short = texts.filter((text) => text.length < 1_000);

/** Every reader with every parameter and text, every change with every body, and headers that lie. */
export function httpAttacks(): readonly Attack[] {
  return [
    ...READ.flatMap((path) => [...queries(path), ...headers(path)]),
    ...CHANGED.flatMap((path) => bodies().map((body) => ({ method: 'POST' as const, path, ...body }))),
    ...IN_PATHS.flatMap((path) =>
      short.map((text) =>
        post(path.replace('*', encodeURIComponent(text)), JSON.stringify({ reason: text })),
      ),
    ),
    ...texts.map((text): Attack => ({
      method: 'DELETE',
      path: `/alerts/silences/${encodeURIComponent(text)}`,
    })),
  ];
}

const post = (path: string, body: string): Attack => ({ method: 'POST', path, body });

function queries(path: string): Attack[] {
  return PARAMETERS.flatMap((name) =>
    short.map((text): Attack => ({ method: 'GET', path: `${path}?${name}=${encodeURIComponent(text)}` })),
  );
}

function headers(path: string): Attack[] {
  const lies: readonly Readonly<Record<string, string>>[] = [
    { accept: `${'text/plain;q=0.1,'.repeat(800)}*/*;q=1e400` },
    { 'accept-encoding': 'gzip;q=NaN, br;q=-1, , ;' },
    { authorization: `Bearer ${'x'.repeat(8_000)}` },
    { authorization: 'Bearer' },
    { cookie: `${'a=b; '.repeat(1_500)}__proto__=1` },
    { 'x-forwarded-for': '::1, 127.0.0.1, \\, <script>', 'x-forwarded-prefix': '//evil.example' },
    { 'if-none-match': '*', range: 'bytes=0-18446744073709551615', 'last-event-id': '1e400' },
    { 'x-long': 'x'.repeat(100_000) },
  ];
  return lies.map((one) => ({ method: 'GET', path, headers: one }));
}

function bodies(): Pick<Attack, 'body' | 'headers'>[] {
  const fields = [
    'reason',
    'note',
    'by',
    'duration',
    'startsAt',
    'channel',
    'token',
    'matchers',
    '__proto__',
  ];
  const values = [...texts, { symbol: 'x'.repeat(1_000_000) }, ['symbol=~(a+)+$'], [['a']], {}, null, true];
  return [
    ...fields.flatMap((field) =>
      values.map((value) => ({ body: `{${JSON.stringify(field)}:${JSON.stringify(value)}}` })),
    ),
    ...['1e400', '-0', 'NaN', '9'.repeat(1_000_000)].flatMap((number) => [
      { body: number },
      { body: `{"matchers":["symbol=a"],"reason":"r","duration":${number}}` },
      { body: `{"matchers":["symbol=a"],"reason":"r","duration":1000,"startsAt":${number}}` },
    ]),
    ...['', 'null', '[]', '{', '"\\ud800"', '['.repeat(100_000), '{"a":'.repeat(20_000)].map((body) => ({
      body,
    })),
    { body: gzipSync(Buffer.alloc(50_000_000)), headers: { 'content-encoding': 'gzip' } },
    { body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) },
    { body: '{}', headers: { 'content-type': 'application/json; charset=utf-7' } },
    { body: '<a/>', headers: { 'content-type': 'text/xml' } },
    { body: 'a[b][c]=d&__proto__[e]=f', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  ];
}

/** Lines that are no requests of HTTP, each on a connection of its own. */
const MALFORMED: readonly string[] = [
  'GET / HTTP/9.9\r\n\r\n',
  'GET  /metrics HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  'POST /alerts/test HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n',
  'POST /alerts/test HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
  'CONNECT example.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'GET /metrics HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade, close\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001',
  '\u0000'.repeat(100_000),
];

/** Sends lines that are no requests; resolves once each connection has ended or was answered. */
export async function sendMalformed(port: number): Promise<void> {
  for (const line of MALFORMED) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write(Buffer.from(line, 'latin1'));
    await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    socket.destroy();
  }
}

/** Sends an attack, under a token that may change things, and reads at most what an honest answer has. */
export async function answerOf(origin: string, token: string, attack: Attack): Promise<Answered> {
  const { method, path, body, headers: given } = attack;
  const name = `${method} ${path.slice(0, 120)} ${JSON.stringify(given ?? {}).slice(0, 60)} ${String(body ?? '').slice(0, 60)}`;
  try {
    const response = await fetch(origin + path, {
      method,
      redirect: 'manual',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...given },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
    const type = response.headers.get('content-type') ?? '';
    return { attack: name, status: response.status, type, text: await response.text() };
  } catch {
    return { attack: name, status: undefined, type: '', text: '' };
  }
}
