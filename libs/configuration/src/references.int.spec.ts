import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from './configuration-error';
import type { Configuration } from './configuration-schema';
import { loadConfiguration } from './load-configuration';
import type { Environment } from './references';

const SECRET = '123456:AAH-s3cr3t';

describe('values that are kept elsewhere', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'references-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(cwd, name), content);
  function loaded(yaml: string, env: Environment = {}): Configuration {
    write('bot.yaml', yaml);
    return loadConfiguration({ file: 'bot.yaml', env, cwd });
  }
  function refusal(yaml: string, env: Environment = {}): string {
    try {
      loaded(yaml, env);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.message;
      throw error;
    }
    throw new Error('The configuration was accepted.');
  }

  it('are read from a file, without one line break at its end', () => {
    mkdirSync(join(cwd, 'secrets'));
    write('secrets/token', `${SECRET}\n`);
    write('port', '9999\r\n');
    const yaml = `server: { port: { file: port } }
alerts:
  telegram: { bot_token: { file: ${join(cwd, 'secrets/token')} } }
  webhook: { headers: { X-Key: { file: '\${DIRECTORY}/token' } } }`;
    const { server, alerts } = loaded(yaml, { DIRECTORY: 'secrets' });
    expect(server.port).toBe(9999);
    expect(alerts.telegram.botToken).toBe(SECRET);
    expect(alerts.webhook.headers).toEqual({ 'X-Key': SECRET });
  });

  it('are read from the file that a variable NAME_FILE names, where a text has ${NAME}', () => {
    write('token', `${SECRET}\n`);
    const yaml = 'alerts: { webhook: { headers: { Authorization: "Bearer ${TOKEN}" } } }';
    const { alerts } = loaded(yaml, { TOKEN_FILE: join(cwd, 'token') });
    expect(alerts.webhook.headers).toEqual({ Authorization: `Bearer ${SECRET}` });
  });

  it('lose one line break also where they come from a variable or are written themselves', () => {
    const written = `server: { token: "\${TOKEN}" }\nalerts: { pagerduty: { routing_key: "key\\n" } }`;
    const { server, alerts } = loaded(written, { TOKEN: `${SECRET}\n` });
    expect(server.token).toBe(SECRET);
    expect(alerts.pagerduty.routingKey).toBe('key');
  });

  it('are refused when a variable and its file are both set', () => {
    expect(refusal('server: { token: "${T}" }', { T: SECRET, T_FILE: 'token' })).toContain(
      'server.token (line 1): found ${T} while both T and T_FILE are set; allowed: one of the two variables',
    );
  });

  it.each([
    ['{ file: absent }', 'a file that does not exist'],
    ['{ file: . }', 'a directory'],
    ['{ file: binary }', 'something that is not text'],
    ['"${T}"', 'a file that does not exist'],
  ])('%s is refused with the reason that it cannot be read', (value, problem) => {
    write('binary', Uint8Array.from([0xff, 0xfe, 0x00]));
    const said = refusal(`server: { token: ${value} }`, { T_FILE: 'absent' });
    expect(said).toContain('server.token (line 1): found ');
    expect(said).toContain(problem);
    expect(said).toContain('has 1 violation');
  });

  it.each([
    ['\r', 'a carriage return (CR) at its end'],
    ['\n\n', 'a further line break at its end'],
    ['\u200b', 'the invisible character U+200B at its end'],
    ['\u00a0', 'the invisible character U+00A0 at its end'],
  ])(
    'that end in %j are refused at the start, by a sentence with the key and not the secret',
    (end, words) => {
      write('token', `${SECRET}${end}`);
      for (const written of ['{ file: token }', '"${T}"', JSON.stringify(SECRET + end)]) {
        const said = refusal(`alerts: { telegram: { bot_token: ${written} } }`, { T: `${SECRET}${end}` });
        expect(said).toContain('alerts.telegram.bot_token (line 1)');
        expect(said).toContain(words);
        expect(said).not.toContain('s3cr3t');
      }
    },
  );

  it.each(['"', "'"])('in the %s that an env file keeps are refused', (quote) => {
    const env = { T: `${quote}https://hooks.example/s3cr3t${quote}` };
    for (const written of ['"${T}"', JSON.stringify(env.T)]) {
      const said = refusal(`alerts: { slack: { webhook_url: ${written} } }`, env);
      expect(said).toContain('alerts.slack.webhook_url (line 1)');
      expect(said).toContain('without the quotation marks around it');
      expect(said).not.toContain('s3cr3t');
    }
  });
});
