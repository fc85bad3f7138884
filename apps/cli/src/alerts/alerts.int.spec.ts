import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresEventLog, openSqliteEventLog } from '@opensqt/event-log';
import { PostgresServer } from '@opensqt/event-log/testing';
import { AlertLevel, createEvent } from '@opensqt/trading-events';
import { type ToolResult, runTool } from '../testing/run-tool';

const tripped = createEvent('circuit_breaker.tripped', {
  ...{ scope: 'global', reason: 'max_drawdown', value: '512', threshold: '500' },
  cooldownMs: 600_000,
});

describe('the alerts command', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opensqt-alerts-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const alerts = (...args: readonly string[]): Promise<ToolResult> => runTool('alerts', folder, args);

  it('reads the log in PostgreSQL, as configured or named by its URL', async () => {
    const server = await PostgresServer.start();
    try {
      const url = server.url;
      const log = await openPostgresEventLog({ url, bot: 'p1', schema: 'desk' });
      await log.append([tripped]);
      await log.close();
      const eventLog = (kind: string) =>
        `name: p1\nevent_log: { kind: ${kind}, url: '${url}', schema: desk }\n`;
      await writeFile(join(folder, 'postgres.yaml'), eventLog('postgres'), { mode: 0o600 });
      await writeFile(join(folder, 'sqlite.yaml'), eventLog('sqlite'), { mode: 0o600 });
      const whyNot = ['why-not', '--event', tripped.id];
      const configured = await alerts(...whyNot, '--config', 'postgres.yaml');
      expect(configured.stderr).toBe('');
      expect(configured.stdout).toContain('circuit_breaker_trip: met, at CRITICAL');
      const named = await alerts(...whyNot, '--config', 'sqlite.yaml', '--log', url);
      expect(named).toEqual(configured);
    } finally {
      await server.remove();
    }
  });

  it('says which conditions it can not decide on, since their code is an application’s', async () => {
    const path = join(folder, 'own.db');
    const notice = {
      level: AlertLevel.Warning,
      title: 'Own',
      message: '',
      timestamp: Date.now(),
      fields: {},
    };
    const own = createEvent('alert.raised', {
      ...{
        alertId: 'a',
        fingerprint: 'desk_idle{}',
        condition: 'desk_idle',
        labels: {},
        notice,
        oneOff: false,
      },
    });
    const log = await openSqliteEventLog({ path, bot: 'opensqt' });
    await log.append([tripped, own]);
    await log.close();
    await writeFile(join(folder, 'own.yaml'), 'name: opensqt\n');
    const sentence = 'Not decided here: desk_idle. ';
    for (const command of [['backtest'], ['why-not', '--event', tripped.id]]) {
      const { stdout, stderr } = await alerts(...command, '--log', path, '--config', 'own.yaml');
      expect(stderr).toBe('');
      expect(stdout.split(sentence)).toHaveLength(2);
    }
  });

  it('prints no password of a URL that it does not understand', async () => {
    await writeFile(join(folder, 'plain.yaml'), 'name: opensqt\n');
    const log = 'mysql://desk:s3cr3t@db/trading';
    const { status, stderr, stdout } = await alerts(
      'why',
      '0192f0c1',
      '--log',
      log,
      '--config',
      'plain.yaml',
    );
    expect(status).toBe(2);
    expect(stderr).toContain('Write postgres://user@host:port/database.');
    expect(stderr + stdout).not.toContain('s3cr3t');
  });

  it('says of a file without an event what must be in it', async () => {
    await writeFile(join(folder, 'plain.yaml'), 'name: opensqt\n');
    await writeFile(join(folder, 'broken.json'), '{"id":');
    const route = (file: string) => alerts('route', '--event', file, '--config', 'plain.yaml');
    expect((await route('/dev/null')).stderr).toContain('alerts: /dev/null is empty. It must hold one event');
    expect((await route('broken.json')).stderr).toContain('alerts: broken.json holds no JSON.');
  });
});
