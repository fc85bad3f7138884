import { withoutPrefix } from './base-path';

describe('A path behind a reverse proxy', () => {
  it.each([
    ['/bot/alerts?limit=1', '/bot', '/alerts?limit=1'],
    ['/bot', '/bot', '/'],
    ['/bot?a=1', '/bot', '/?a=1'],
    ['/a/b/health', '/a/b', '/health'],
    ['/alerts', '/bot', '/alerts'],
    ['/bottom', '/bot', '/bottom'],
    ['/alerts', '', '/alerts'],
  ])('%s under %j is %s', (url, prefix, path) => {
    expect(withoutPrefix(url, prefix)).toBe(path);
  });
});
