import { proofIn } from './proof';

const HEALTHCHECKS = 'https://hc-ping.com/5f2c0f3e-7a1b-4a57-9d3e-0e4c7b1f5a11';
const OWN_HEALTHCHECKS = 'http://hc.desk.example/ping/5f2c0f3e-7a1b-4a57-9d3e-0e4c7b1f5a11';
const KUMA = 'https://kuma.desk.example/api/push/AbCdEf1234?status=up';
const SNITCH = 'https://nosnch.in/c2354d53d2';

describe("a dead-man's switch", () => {
  const proofOf = (url: string, body: string, method: 'GET' | 'HEAD' = 'GET', status = 200) =>
    proofIn(new URL(url), method, { status, body, headers: {}, complete: true }).proof;

  it.each([
    [HEALTHCHECKS, 'OK', 'proved'],
    [HEALTHCHECKS, 'OK\n', 'proved'],
    [HEALTHCHECKS, 'OK (not found)', 'refused'],
    [HEALTHCHECKS, 'OK (rate limited)', 'refused'],
    [HEALTHCHECKS, '<html>hotel</html>', 'refused'],
    [HEALTHCHECKS, '', 'refused'],
    [OWN_HEALTHCHECKS, 'OK', 'proved'],
    [OWN_HEALTHCHECKS, 'hello', 'refused'],
    [KUMA, '{"ok":true}', 'proved'],
    [KUMA, '{"ok": true, "msg": null}', 'proved'],
    [KUMA, '{"ok":false,"msg":"Monitor not found or not active."}', 'refused'],
    [KUMA, 'OK', 'refused'],
    [SNITCH, 'Got it, thanks!', 'proved'],
    [SNITCH, '', 'proved'],
    [SNITCH, 'OK (not found)', 'refused'],
    [SNITCH, '{"ok":false}', 'refused'],
    [SNITCH, '<!DOCTYPE html><title>Log in</title>', 'unproved'],
  ])('at %s that answers %j: %s', (url, body, proof) => {
    expect(proofOf(url, body)).toBe(proof);
  });

  it.each([201, 202, 204])('elsewhere is proved by a %i', (status) => {
    expect(proofOf(SNITCH, '', 'GET', status)).toBe('proved');
  });

  it('proves nothing to HEAD where the body says it, and the status elsewhere', () => {
    expect(proofOf(HEALTHCHECKS, '', 'HEAD')).toBe('unproved');
    expect(proofOf(KUMA, '', 'HEAD')).toBe('unproved');
    expect(proofOf(SNITCH, '', 'HEAD')).toBe('proved');
  });
});
