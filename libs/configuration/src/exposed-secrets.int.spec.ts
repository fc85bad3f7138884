import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exposedSecrets } from './exposed-secrets';
import { loadConfiguration } from './load-configuration';

const TOKEN = 't0ken-of-the-desk';
let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'configuration-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function warning(content: string, mode: number, file?: string): string | undefined {
  const path = join(cwd, file ?? 'config.yaml');
  writeFileSync(path, content);
  chmodSync(path, mode);
  const source = { file, env: { TOKEN }, cwd };
  return exposedSecrets(source, loadConfiguration(source));
}

describe('a configuration that others may read', () => {
  it.each([0o644, 0o604, 0o666])('is warned about when it holds a secret (mode %o)', (mode) => {
    const found = warning(`server: { token: ${TOKEN} }`, mode, 'bot.yaml');
    expect(found).toBe(
      `bot.yaml holds secrets in plain text, and every user of this machine may read it (mode ${mode.toString(8)}). Run chmod 600 bot.yaml, or write \${NAME} for each and set it in the environment.`,
    );
    expect(found).not.toContain(TOKEN);
  });

  it('is warned about when it was not named', () => {
    expect(warning(`server: { token: ${TOKEN} }`, 0o644)).toMatch(/^config\.yaml holds secrets/);
  });

  it.each([
    ['only its user may read it', `server: { token: ${TOKEN} }`, 0o600],
    ['only its user and group may read it', `server: { token: ${TOKEN} }`, 0o640],
    ['its secrets come from the environment', 'server: { token: "${TOKEN}" }', 0o644],
    ['it holds none', 'server: { port: 9999 }', 0o644],
  ])('is fine when %s', (_, content, mode) => {
    expect(warning(content, mode)).toBeUndefined();
  });

  it('is fine when there is no file', () => {
    const source = { env: {}, cwd };
    expect(exposedSecrets(source, loadConfiguration(source))).toBeUndefined();
  });
});
