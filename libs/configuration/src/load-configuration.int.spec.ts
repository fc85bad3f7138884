import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, renderConfigurationError } from './configuration-error';
import { loadConfiguration } from './load-configuration';

const REPOSITORY = join(__dirname, '../../..');

describe('loadConfiguration', () => {
  let cwd: string;
  const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(cwd, name), content);
  const failure = (file: string): ConfigurationError => {
    try {
      loadConfiguration({ file, env: {}, cwd });
    } catch (error) {
      if (error instanceof ConfigurationError) return error;
      throw error;
    }
    throw new Error('The configuration was accepted.');
  };

  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'configuration-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  it('is the default run without a file', () => {
    write('empty.yaml', '');
    expect(loadConfiguration({ env: {}, cwd })).toEqual(
      loadConfiguration({ file: 'empty.yaml', env: {}, cwd }),
    );
  });

  it('finds in the config.yaml of the repository what an empty file means', () => {
    const defaults = loadConfiguration({ env: {}, cwd });
    copyFileSync(join(REPOSITORY, 'config.yaml'), join(cwd, 'config.yaml'));
    expect(loadConfiguration({ env: {}, cwd })).toEqual(defaults);
  });

  it('reads config.yaml in the current directory when no file is named', () => {
    write('config.yaml', 'server: { port: 9999 }');
    expect(loadConfiguration({ env: {}, cwd }).server.port).toBe(9999);
  });

  it("starts a recording's path from the current directory where the file's folder has none", () => {
    mkdirSync(join(cwd, 'runs'));
    write('trades.csv', '');
    write('runs/run.yaml', 'exchange: { source: recording }\nrecording: [{ symbol: A, path: trades.csv }]');
    const { recording } = loadConfiguration({ file: 'runs/run.yaml', env: {}, cwd });
    expect(recording).toEqual([{ symbol: 'A', path: join(cwd, 'trades.csv'), sort: false }]);
  });

  it("starts a recording's path from the file's folder and the event log's from the current directory", () => {
    mkdirSync(join(cwd, 'runs'));
    write('runs/trades.csv', '');
    write(
      'runs/run.yaml',
      'event_log: { path: e.db, retention: { archive_path: old } }\nexchange: { source: recording }\nrecording: [{ symbol: A, path: trades.csv }]',
    );
    const configuration = loadConfiguration({ file: 'runs/run.yaml', env: {}, cwd });
    expect(configuration.recording).toEqual([
      { symbol: 'A', path: join(cwd, 'runs/trades.csv'), sort: false },
    ]);
    expect(configuration.eventLog.path).toBe(join(cwd, 'e.db'));
    expect(configuration.eventLog.retention.archivePath).toBe(join(cwd, 'old'));
  });

  it('reports recordings that cannot be read together with everything else', () => {
    write(
      'run.yaml',
      'exchange: { source: recording, seed: x }\nrecording: [{ symbol: A/X, path: absent.csv }, { symbol: B/X, path: . }]',
    );
    expect(failure('run.yaml').violations).toMatchObject([
      { path: 'exchange.seed' },
      { path: 'recording[0].path', found: '"absent.csv", a file that does not exist' },
      { path: 'recording[1].path', found: '".", a directory' },
    ]);
  });

  it.each([
    ['absent.yaml', 'a file that does not exist'],
    ['folder', 'a directory'],
    ['garbage.yaml', 'something that is not text'],
    ['zeros.yaml', 'something that is not text'],
  ])('says what is wrong with %s', (file, found) => {
    mkdirSync(join(cwd, 'folder'));
    write('garbage.yaml', Uint8Array.from([0xff, 0xfe, 0x00, 0xd8]));
    write('zeros.yaml', new Uint8Array(16));
    const error = failure(file);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', file, violations: [{ path: '', found }] });
    expect(error.message).toContain(
      `${file} has 1 violation; nothing was started.\n  the file: found ${found}`,
    );
  });

  it('renders every violation on a line of its own, with the place in the file', () => {
    write('bad.yaml', 'server:\n  port: http\n  prot: 1\n');
    expect(renderConfigurationError(failure('bad.yaml'))).toBe(
      [
        'bad.yaml has 2 violations; nothing was started.',
        '  server.port (line 2): found "http"; allowed: a whole number from 0 up to 65535',
        '  server.prot (line 3): found an unknown key; allowed: host, port, token, tokens, allowed_hosts, public, trusted_proxies, base_path (did you mean port?)',
      ].join('\n'),
    );
  });
});

describe('config.yaml', () => {
  it('shows every key', () => {
    const shown = readFileSync(join(REPOSITORY, 'config.yaml'), 'utf8');
    const documented = readFileSync(join(REPOSITORY, 'docs/configuration.md'), 'utf8');
    const keys = documented.matchAll(/^\| `[^`]*?([a-z_]+)` /gm);
    const missing = [...keys]
      .map(([, key]) => key ?? '')
      .filter((key) => !new RegExp(`\\b${key}:`).test(shown));
    expect(missing).toEqual([]);
  });
});
