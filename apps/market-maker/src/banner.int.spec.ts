import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '@opensqt/configuration';
import { bannerLines } from './banner';

describe('the banner', () => {
  let cwd: string;
  beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'banner-'))));
  afterEach(() => rmSync(cwd, { recursive: true }));

  /** The line that begins with the word, under this configuration. */
  const line = (word: string, configuration: object = {}): string | undefined => {
    writeFileSync(join(cwd, 'config.yaml'), JSON.stringify(configuration));
    const lines = bannerLines(loadConfiguration({ env: {}, cwd }), { port: 8080, cwd });
    return lines
      .find((each) => each.startsWith(`${word} `))
      ?.slice(word.length)
      .trim();
  };

  describe('names the command that reads the log', () => {
    const events = (eventLog: object) => line('Events', { event_log: eventLog });

    it.each([
      ['the default', {}, 'data/events.db; read them with: npm run -s events'],
      [
        'the default, spelled otherwise',
        { path: './data//events.db' },
        'data/events.db; read them with: npm run -s events',
      ],
      ['another file', { path: 'b/2.db' }, 'b/2.db; read them with: npm run -s events -- --log b/2.db'],
      [
        'a file elsewhere',
        { path: '../2.db' },
        '../2.db; read them with: npm run -s events -- --log ../2.db',
      ],
      [
        'a database',
        { kind: 'postgres', url: 'postgres://a:b@h/d' },
        'in PostgreSQL, schema opensqt, as opensqt; read them with: npm run -s events -- --log URL',
      ],
      [
        'a schema of its own',
        { kind: 'postgres', url: 'postgres://a:b@h/d', schema: 'two' },
        'in PostgreSQL, schema two, as opensqt; read them with: npm run -s events -- --log URL --schema two',
      ],
      ['none', { kind: 'memory' }, 'in memory only: nothing survives a restart'],
    ])('of %s', (_, eventLog, said) => {
      expect(events(eventLog)).toBe(said);
    });

    it('with the folder of an archive that stands elsewhere', () => {
      expect(events({ retention: { max_age: '1d', archive_path: 'old' } })).toBe(
        `data/events.db; read them with: npm run -s events -- --archive ${join(cwd, 'old')}`,
      );
    });

    it('so that a shell reads the path as it is', () => {
      const path = 'it\'s $HOME; `a` "b"/é*.db';
      const [, options = ''] = events({ path })?.split('npm run -s events -- ') ?? [];
      const words = execFileSync('sh', ['-c', `printf '%s\\n' ${options}`], { cwd, encoding: 'utf8' });
      expect(words.trimEnd().split('\n')).toEqual(['--log', path]);
    });
  });

  describe('says who may read and change what', () => {
    const token = (name: string, role: string) => ({ name, role, token: `${name}-token-0123456789` });
    const access = (server: object) => line('Access', { server });

    it.each([
      [
        'on loopback, without a token',
        {},
        'this machine reads everything; no changes, since no token operates',
      ],
      [
        'on loopback, with tokens',
        { host: '::1', token: 'a-token-0123456789', tokens: [token('ann', 'operate'), token('bob', 'read')] },
        'this machine reads everything; changes by token, ann',
      ],
      [
        'on loopback behind a proxy',
        { trusted_proxies: ['127.0.0.1'] },
        'this machine reads everything, others health, and the rest with a token: nobody, since there is none; no changes, since no token operates',
      ],
      [
        'beyond loopback',
        {
          host: '0.0.0.0',
          public: ['health', 'metrics'],
          tokens: [token('ann', 'operate'), token('bob', 'read')],
        },
        'this machine reads everything, others health, metrics, and the rest with a token: ann, bob; changes by ann',
      ],
      [
        'beyond loopback, with nothing public',
        { host: '192.0.2.1', public: [], tokens: [token('bob', 'read')] },
        'this machine reads everything, others nothing, and the rest with a token: bob; no changes, since no token operates',
      ],
    ])('%s', (_, server, said) => {
      expect(access(server)).toBe(said);
    });
  });

  it('puts IPv6 addresses in brackets, and names what is served and what is off', () => {
    const server = { host: '::1' };
    expect(line('Health', { server })).toBe('http://[::1]:8080/health');
    expect(line('Metrics', { server, telemetry: { metrics_port: 9100 } })).toBe('http://[::1]:9100/metrics');
    expect(line('Metrics', { telemetry: { metrics_enabled: false } })).toBe(
      'off (telemetry.metrics_enabled)',
    );
    expect(line('Page', { console: { enabled: false } })).toBeUndefined();
    expect(line('Alerts')).toBe('http://127.0.0.1:8080/alerts, sent to log');
  });
});
