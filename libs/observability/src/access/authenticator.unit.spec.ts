import { Authenticator, bearerToken } from './authenticator';
import { withClaim } from './claim';

const TOKEN = 'operators-secret';

describe('The authenticator', () => {
  let now = 0;
  const authenticator = () =>
    new Authenticator(
      [
        { name: 'token', role: 'operate', token: TOKEN },
        { name: 'grafana', role: 'read', token: 'readers-secret' },
      ],
      { now: () => now },
    );

  /** The status of the answer to a request with that token; 200 where it passes. */
  function status(by: Authenticator, source: string, token?: string): number {
    const known = by.authenticate({ source, token });
    return known.ok ? 200 : known.refusal.status;
  }

  it('knows by the token who it is, and what that may', () => {
    const by = authenticator();
    expect(by.authenticate({ source: 'a', token: 'readers-secret' })).toEqual({
      ok: true,
      identity: { name: 'grafana', role: 'read' },
    });
    expect(by.authenticate({ source: 'a', token: TOKEN })).toMatchObject({ identity: { name: 'token' } });
  });

  it('slows the wrong tokens of each source by itself', () => {
    const by = authenticator();
    for (let i = 0; i < 5; i++) expect(status(by, 'attacker', 'guess')).toBe(401);
    expect(status(by, 'attacker', 'guess')).toBe(429);
    expect(status(by, 'colleague', 'typo')).toBe(401);
    now += 10_000;
    expect(status(by, 'attacker', 'guess')).toBe(401);
  });

  it('lets the right token pass at any time, from the attacked source too', () => {
    const by = authenticator();
    for (let i = 0; i < 50; i++) status(by, 'shared', 'guess');
    expect(status(by, 'shared', TOKEN)).toBe(200);
  });

  it('slows nobody for a token that is missing: that is no guess', () => {
    const by = authenticator();
    for (let i = 0; i < 50; i++) expect(status(by, 'scraper')).toBe(401);
    expect(status(by, 'scraper', 'typo')).toBe(401);
  });

  it('still slows a source after guesses from many others', () => {
    const by = authenticator();
    for (let i = 0; i < 900; i++) status(by, `source ${i}`, 'guess');
    for (let i = 0; i < 5; i++) status(by, 'attacker', 'guess');
    for (let i = 0; i < 900; i++) status(by, `other ${i}`, 'guess');
    expect(status(by, 'attacker', 'guess')).toBe(429);
  });

  it('says how to configure a token where there is none', () => {
    const known = new Authenticator([], { now: () => 0 }).authenticate({ source: 'a', token: TOKEN });
    expect(known).toMatchObject({
      refusal: { status: 403, message: expect.stringContaining('server.token') },
    });
  });
});

describe('The token of a header', () => {
  const asReceived = (header: string, encoding: 'utf8' | 'latin1') =>
    Buffer.from(header, encoding).toString('latin1');

  it.each([
    ['Bearer s3cr3t', 's3cr3t'],
    ['bearer  s3cr3t', 's3cr3t'],
    [asReceived('Bearer schlüssel-€', 'utf8'), 'schlüssel-€'],
    [asReceived('Bearer schlüssel', 'latin1'), 'schlüssel'],
    ['Basic s3cr3t', undefined],
    ['Bearer', undefined],
    [undefined, undefined],
  ])('%j is %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });
});

describe('A claim beside the words of a request', () => {
  it.each([
    ['on it', undefined, 'on it'],
    ['on it', 'desk', 'on it'],
    ['on it', 'eve', 'on it (as eve)'],
    [undefined, 'eve', 'as eve'],
    [undefined, undefined, undefined],
    ['x'.repeat(1_000), 'eve', 'x'.repeat(1_000)],
  ])('of %j by %j is %j', (words, by, said) => {
    expect(withClaim(words, { by, name: 'desk' })).toBe(said);
  });
});
