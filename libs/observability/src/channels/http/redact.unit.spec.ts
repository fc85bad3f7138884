import { excerpt, secretsOf, secretsOfToken, secretsOfHeader } from './redact';

const webhook = new URL('https://user:hunter22@hooks.example/services/T0AAA/B0BBB/s3cr3t%2Fpart?key=abcdef');
const token = '123456789:AAF-secret_part';

describe('excerpt', () => {
  it('shows what a provider said, in one line', () => {
    expect(excerpt('invalid\r\n_payload\u001b', [])).toBe('invalid _payload');
  });

  it.each([
    webhook.href,
    'no such path: /services/T0AAA/B0BBB/s3cr3t%2Fpart',
    'https:\\/\\/hooks.example\\/services\\/T0AAA\\/B0BBB\\/s3cr3t%2Fpart',
    'S3CR3T/PART of t0aaa, key abcdef, user hunter22',
  ])('hides the webhook in "%s"', (echo) => {
    const shown = excerpt(echo, secretsOf(webhook)).toLowerCase();

    for (const part of ['t0aaa', 'b0bbb', 's3cr3t', 'abcdef', 'hunter22']) expect(shown).not.toContain(part);
  });

  it.each([token, encodeURIComponent(token), 'AAF-secret_part', `/bot${token}/sendMessage`])(
    'hides the token in "%s"',
    (echo) => {
      expect(excerpt(`no ${echo} here`, secretsOfToken(token))).not.toMatch(/123456789|secret_part/);
    },
  );

  it('hides a secret that the end of the excerpt would have cut', () => {
    const shown = excerpt(`${'x'.repeat(195)}${token}`, secretsOfToken(token));

    expect(shown).not.toContain('1234');
    expect(shown.length).toBeLessThanOrEqual(200);
  });

  it('only says that a page is a page', () => {
    expect(excerpt('  <!doctype html><title>Log in to the hotel</title>', [])).toBe('an HTML page');
  });

  it('leaves the words of a sentence, which an address or a header may have, too', () => {
    const secrets = [
      ...secretsOf(new URL('https://chat.example/services/hooks/T0AAA1?token=k3yk3y')),
      ...secretsOfHeader('Bearer s3cr3t-part'),
    ];

    expect(excerpt('hooks and services are disabled: no Bearer', secrets)).toBe(
      'hooks and services are disabled: no Bearer',
    );
    expect(excerpt('POST /services/hooks/T0AAA1 with s3cr3t-part, k3yk3y', secrets)).not.toMatch(
      /services|hooks|T0AAA1|s3cr3t|k3yk3y/,
    );
  });
});
