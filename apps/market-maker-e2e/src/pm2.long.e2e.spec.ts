import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@opensqt/event-log/testing';
import { eventually } from '@opensqt/trading-events/testing';
import { InstalledHost, pack } from './testing/host/installed-host';
import { REPOSITORY } from './testing/market-maker-process';

const run = promisify(execFile);
const WORKERS = 2;

/** The registration that the documentation shows for workers. */
function documented(): string {
  const page = readFileSync(join(REPOSITORY, 'docs/in-an-application.md'), 'utf8');
  const [, registration] = /## Workers[^]*?```ts\n([^]*?)```/.exec(page) ?? [];
  if (registration === undefined)
    throw new Error('docs/in-an-application.md shows no registration for workers');
  return registration.replace(
    'ObservabilityModule.forRoot',
    'const observability = ObservabilityModule.forRoot',
  );
}

const application = (metricsPort: number): string => `
require('reflect-metadata');
const cluster = require('node:cluster');
const { NestFactory } = require('@nestjs/core');
const { ObservabilityModule, TradingEvents } = require('@opensqt/observability');
${documented().replace('9464', String(metricsPort))}
NestFactory.create(observability).then(async (app) => {
  app.enableShutdownHooks();
  await app.listen(Number(process.env.APP_PORT), '127.0.0.1');
  app.get(TradingEvents).filled({
    symbol: 'BTCUSDT', strategy: 'mine', orderId: '1', fillId: \`\${worker}-\${process.pid}\`, side: 'buy',
    price: 60000, quantity: 0.1, remaining: 0, fee: 0, feeAsset: 'USDT',
  });
});
`;

describe('an application whose workers PM2 starts', () => {
  let tarballs: string;
  let host: InstalledHost;
  let metricsPort: number;

  async function pm2(...args: readonly string[]): Promise<string> {
    const env = {
      ...process.env,
      PM2_HOME: join(host.folder, '.pm2'),
      APP_PORT: String(await freePort()),
      NODE_OPTIONS: '',
    };
    const { stdout } = await run(process.execPath, ['node_modules/pm2/bin/pm2', '--silent', ...args], {
      cwd: host.folder,
      env,
    });
    return stdout;
  }

  /** The fills that each worker shows. */
  async function fills(): Promise<readonly (string | undefined)[]> {
    const pages = Array.from({ length: WORKERS }, async (_, worker) => {
      const answer = await fetch(`http://127.0.0.1:${metricsPort + worker}/metrics`).catch(() => undefined);
      return /^market_maker_orders_filled_total\{.*\} (\d+)$/m.exec((await answer?.text()) ?? '')?.[1];
    });
    return Promise.all(pages);
  }

  beforeAll(async () => {
    tarballs = mkdtempSync(join(tmpdir(), 'opensqt-packages-'));
    await pack(tarballs);
    const nest = ['common', 'core', 'platform-express'].map((name) => `@nestjs/${name}@12`);
    host = await InstalledHost.install(tarballs, [...nest, 'reflect-metadata@0.2', 'rxjs@7', 'pm2@7']);
    metricsPort = await freePort();
    writeFileSync(join(host.folder, 'app.js'), application(metricsPort));
  });

  afterAll(async () => {
    await pm2('kill');
    await host.clear();
    rmSync(tarballs, { recursive: true, force: true });
  });

  it('has metrics and a log for each, and loses nothing when they are restarted and stopped', async () => {
    await pm2('start', 'app.js', '-i', String(WORKERS), '--kill-timeout', '10000');
    await eventually(async () => expect(await fills()).toEqual(['1', '1']), {
      within: 60_000,
      what: 'a fill of each worker',
    });
    await pm2('restart', 'app');
    await eventually(async () => expect(await fills()).toEqual(['2', '2']), {
      within: 60_000,
      what: 'the fills before the restart and after it',
    });
    await pm2('stop', 'app');
    for (let worker = 0; worker < WORKERS; worker++) {
      const log = ['--log', `data/events-${worker}.db`];
      expect(await host.opensqt('verify', ...log)).toContain('is intact');
      expect(
        (await host.opensqt('events', ...log, '--type', 'order.filled')).match(/order\.filled/g),
      ).toHaveLength(2);
    }
  });
});
