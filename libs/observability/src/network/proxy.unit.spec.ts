import { proxiesOf } from './proxy';

const PROXY = 'http://proxy.example:3128';
const proxyFor = (url: string, env: NodeJS.ProcessEnv, setting?: string) =>
  proxiesOf(setting, env)(new URL(url))?.href;

describe('the proxy of an address', () => {
  it.each<[string, NodeJS.ProcessEnv, string | undefined]>([
    ['https://a.example/', {}, undefined],
    ['https://a.example/', { HTTPS_PROXY: PROXY }, `${PROXY}/`],
    ['http://a.example/', { HTTPS_PROXY: PROXY }, undefined],
    ['http://a.example/', { HTTP_PROXY: PROXY }, `${PROXY}/`],
    ['http://a.example/', { ALL_PROXY: PROXY }, `${PROXY}/`],
    ['https://a.example/', { all_proxy: PROXY }, `${PROXY}/`],
    ['https://a.example/', { https_proxy: 'http://lower:1', HTTPS_PROXY: PROXY }, 'http://lower:1/'],
    ['https://a.example/', { https_proxy: '', HTTPS_PROXY: PROXY }, `${PROXY}/`],
    ['https://a.example/', { HTTPS_PROXY: 'proxy.example:3128' }, `${PROXY}/`],
    ['https://a.example/', { HTTPS_PROXY: 'http://proxy.example' }, 'http://proxy.example:1080/'],
    ['https://a.example/', { HTTPS_PROXY: 'https://proxy.example' }, 'https://proxy.example/'],
  ])('%s with %j is %s', (url, env, expected) => {
    expect(proxyFor(url, env)).toBe(expected);
  });

  it.each([
    ['*', 'a.example', true],
    ['a.example', 'a.example', true],
    ['a.example', 'A.EXAMPLE.', true],
    ['a.example.', 'a.example', true],
    ['example', 'a.example', true],
    ['.example', 'a.example', true],
    ['.a.example', 'a.example', true],
    ['xample', 'a.example', false],
    ['b.example a.example', 'a.example', true],
    ['b.example,\ta.example', 'a.example', true],
    ['*,b.example', 'a.example', false],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.0/8', '127.9.9.9', true],
    ['10.0.0.0/8', '127.0.0.1', false],
    ['0.0.1', '127.0.0.1', false],
    ['::1', '[::1]', true],
    ['[::1]', '[::1]', true],
    ['fd00::/8', '[fd12::1]', true],
    ['10.0.0.0/99', '10.0.0.1', false],
  ])('NO_PROXY=%s leaves %s out: %s', (list, host, direct) => {
    expect(proxyFor(`https://${host}/`, { HTTPS_PROXY: PROXY, NO_PROXY: list }) === undefined).toBe(direct);
  });

  it('is that of the configuration, which also switches the environment off', () => {
    const env = { HTTPS_PROXY: PROXY, NO_PROXY: 'b.example' };

    expect(proxyFor('https://a.example/', env, '')).toBeUndefined();
    expect(proxyFor('https://a.example/', env, 'other:1')).toBe('http://other:1/');
    expect(proxyFor('https://b.example/', env, 'other:1')).toBeUndefined();
  });

  it.each(['socks5://s3cr3t@proxy:1', 'http://', 'http://:80'])(
    'refuses %s at once, without repeating it',
    (address) => {
      const make = (): unknown => proxiesOf(undefined, { HTTPS_PROXY: address });

      expect(make).toThrow(/^HTTPS_PROXY is not the address of an HTTP proxy/);
      expect(make).not.toThrow(/s3cr3t|:80/);
    },
  );
});
