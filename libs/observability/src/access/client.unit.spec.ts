import { clientOf, trustedProxies } from './client';

const isTrusted = trustedProxies(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);
const nobody = trustedProxies([]);
const from = (remoteAddress: string, headers: Readonly<Record<string, string>> = {}, trusted = isTrusted) =>
  clientOf({ socket: { remoteAddress }, headers }, trusted);

describe('The sender of a request', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['::ffff:127.0.0.1', '127.0.0.1', true],
    ['::1', '::1', true],
    ['192.0.2.7', '192.0.2.7', false],
    ['', '', false],
  ])('at %j is %j; on this machine: %j', (peer, address, isLocal) => {
    expect(from(peer, {}, nobody)).toMatchObject({ address, isLocal });
  });

  it.each([
    ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-prefix'],
    ...['forwarded', 'via', 'x-real-ip'],
  ])('is not local behind something on this machine that says with %s that it passes requests on', (header) =>
    expect(from('127.0.0.1', { [header]: '127.0.0.1' }, nobody).isLocal).toBe(false),
  );

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7, 10.1.2.3', '192.0.2.7'],
    ['127.0.0.1, 192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8::1', '2001:db8::1'],
  ])('behind trusted proxies is the nearest that is none of them: %s', (forwarded, address) => {
    expect(from('10.0.0.1', { 'x-forwarded-for': forwarded })).toMatchObject({ address, isLocal: false });
  });

  it.each([{}, { 'x-forwarded-for': 'unknown' }, { 'x-forwarded-for': '127.0.0.1' }])(
    'is nobody of this machine where a trusted proxy says %j',
    (headers) => expect(from('127.0.0.1', headers)).toMatchObject({ address: '127.0.0.1', isLocal: false }),
  );

  it('is not what one says who is no trusted proxy', () => {
    const headers = {
      host: 'a',
      'x-forwarded-for': '::1',
      'x-forwarded-host': 'b',
      'x-forwarded-prefix': '/c',
    };
    expect(from('192.0.2.7', headers)).toEqual({
      address: '192.0.2.7',
      isLocal: false,
      host: 'a',
      prefix: '',
      isSecure: false,
    });
    expect(from('10.0.0.1', headers)).toEqual({
      address: '::1',
      isLocal: false,
      host: 'b',
      prefix: '/c',
      isSecure: false,
    });
  });

  it.each(['//evil.example', '/a b', 'c', '/%2e'])('has no prefix like %s', (prefix) => {
    expect(from('10.0.0.1', { 'x-forwarded-prefix': prefix }).prefix).toBe('');
  });
});
