import { alertKey, messageKey } from './notification-key';
import { notification } from '../testing/notification';

const HEX = /^[0-9a-f]{64}$/;

describe('the keys that receivers deduplicate by', () => {
  it.each([
    ['a later attempt', { possibleDuplicate: true, delayedMs: 90_000 }],
    ['other words', { title: 'other', message: 'other', fields: {} }],
  ])('are the same for %s', (_, given) => {
    expect(messageKey(notification(given))).toBe(messageKey(notification()));
    expect(alertKey(notification(given))).toBe(alertKey(notification()));
  });

  it.each([
    ['the resolve', { kind: 'resolved' }],
    ['a second repeat', { timestamp: new Date('2026-11-24T07:12:07Z') }],
  ] as const)('differ for %s of one alert, whose own key stays', (_, given) => {
    expect(messageKey(notification(given))).not.toBe(messageKey(notification()));
    expect(alertKey(notification(given))).toBe(alertKey(notification()));
  });

  it('differ for the same trouble at another time', () => {
    const again = notification({ alertId: 'another' });

    expect(alertKey(again)).not.toBe(alertKey(notification()));
    expect(messageKey(again)).not.toBe(messageKey(notification()));
  });

  it('can be sent in a header, whatever the symbol is called', () => {
    const odd = notification({ fingerprint: 'manual{title="漢\r\n"}', timestamp: new Date(Number.NaN) });

    expect(alertKey(odd)).toMatch(HEX);
    expect(messageKey(odd)).toMatch(HEX);
  });
});
