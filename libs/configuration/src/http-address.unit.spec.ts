import { httpAddress } from './http-address';

describe('The address of a listener', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:80'],
    ['bot.internal', 'http://bot.internal:80'],
    ['::1', 'http://[::1]:80'],
    ['2001:db8::7', 'http://[2001:db8::7]:80'],
    ['0.0.0.0', 'http://127.0.0.1:80'],
    ['::', 'http://[::1]:80'],
  ])('of %s can be opened: %s', (host, address) => {
    expect(httpAddress(host, 80)).toBe(address);
    expect(URL.canParse(httpAddress(host, 80))).toBe(true);
  });
});
