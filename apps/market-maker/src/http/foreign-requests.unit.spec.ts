import { refusalOf } from './foreign-requests';

const LOCAL = { host: '127.0.0.1', allowedHosts: ['bot.internal'] };
const PUBLIC = { host: '0.0.0.0', allowedHosts: [] };

describe('A request to a listener on loopback', () => {
  it.each([
    'localhost:8080',
    '127.0.0.1:8080',
    '[::1]:8080',
    'LOCALHOST',
    'bot.internal',
    'bot.internal:443',
  ])('is answered under %s', (host) => expect(refusalOf({ headers: { host } }, LOCAL)).toBeUndefined());

  it.each([
    'evil.example:8080',
    'localhost.evil.example',
    '127.0.0.1.evil.example:8080',
    '192.168.0.7:8080',
    '',
  ])('is refused under the name %p, which a page may have made point here', (host) => {
    expect(refusalOf({ headers: { host } }, LOCAL)).toContain('server.allowed_hosts');
    expect(refusalOf({ headers: { host } }, PUBLIC)).toBeUndefined();
  });
});

describe('A request that changes something', () => {
  const host = 'localhost:8080';
  it.each([
    ['of a command, which has no origin', {}],
    ['of the page itself', { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }],
    ['of the page itself in an old browser', { origin: 'http://localhost:8080' }],
  ])('is taken: one %s', (_, headers) => {
    expect(refusalOf({ method: 'POST', headers: { host, ...headers } }, LOCAL)).toBeUndefined();
  });

  it.each([
    ['of another page', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['of another page in an old browser', { origin: 'https://evil.example' }],
    ['of another port of this machine', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }],
    ['of a sandboxed frame', { origin: 'null' }],
    ['of a form, without an origin', { 'sec-fetch-site': 'cross-site' }],
  ])('is refused: one %s', (_, headers) => {
    for (const method of ['POST', 'DELETE', 'PUT']) {
      const refusal = refusalOf({ method, headers: { host, ...headers } }, PUBLIC);
      expect(refusal).toBe('Requests of other web pages change nothing here.');
    }
  });
});
