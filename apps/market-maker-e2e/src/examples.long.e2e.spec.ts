import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WatchedProcess, freePort } from '@opensqt/event-log/testing';
import { pack } from './testing/host/installed-host';
import { REPOSITORY } from './testing/market-maker-process';

const run = promisify(execFile);

describe('the examples, with the packages that a registry would serve', () => {
  const folders: string[] = [];
  let tarballs: string;

  beforeAll(async () => {
    tarballs = temporary('opensqt-packages-');
    await pack(tarballs);
  });
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  function temporary(prefix: string): string {
    const folder = mkdtempSync(join(tmpdir(), prefix));
    folders.push(folder);
    return folder;
  }

  /** Copies an example, installs what it needs, and starts it. */
  async function start(
    name: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly started: WatchedProcess; readonly url: string }> {
    const folder = temporary('opensqt-example-');
    cpSync(join(REPOSITORY, 'examples', name), folder, { recursive: true });
    const packed = readdirSync(tarballs).map((file) => join(tarballs, file));
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packed], { cwd: folder });
    if (existsSync(join(folder, 'tsconfig.json'))) await run('npm', ['run', 'build'], { cwd: folder });
    const script = existsSync(join(folder, 'main.mjs')) ? 'main.mjs' : 'dist/main.js';
    const port = await freePort();
    const started = new WatchedProcess([script], {
      cwd: folder,
      env: { PORT: String(port), ...environment },
    });
    return { started, url: `http://127.0.0.1:${port}` };
  }

  const textOf = async (address: string): Promise<string> => (await fetch(address)).text();
  const FILL = /^market_maker_orders_filled_total\{.*\} 1$/m;

  it('nest-express counts the fill of a feature, which hears its events as before, and alerts', async () => {
    const { started, url } = await start('nest-express');
    await started.printed('Listening on');
    await started.printed('ledger: order.filled BTCUSDT');
    await started.printed('Large execution');
    expect(await textOf(`${url}/metrics`)).toMatch(FILL);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    await started.end('SIGTERM');
  });

  it('nest-fastify notifies a channel of its own, and keeps the alert over a restart', async () => {
    const { started, url } = await start('nest-fastify');
    await started.printed('desk: CRITICAL Circuit breaker tripped');
    expect(await textOf(`${url}/alerts`)).toContain('circuit_breaker_trip');
    await started.end('SIGTERM');
  });

  it('plain-node counts a trade of ccxt once', async () => {
    const { started, url } = await start('plain-node');
    await started.printed('event_log');
    expect(await textOf(`${url}/metrics`)).toMatch(FILL);
    await started.end('SIGTERM');
  });

  it('nest-parts states facts in CQRS, GraphQL and a microservice', async () => {
    const [metricsPort, messagesPort] = [await freePort(), await freePort()];
    const { started, url } = await start('nest-parts', {
      METRICS_PORT: String(metricsPort),
      MESSAGES_PORT: String(messagesPort),
    });
    await started.printed('All three parts have stated a fill');
    expect(await textOf(`${url}/metrics`)).toMatch(/^market_maker_orders_filled_total\{.*\} 2$/m);
    expect(await textOf(`http://127.0.0.1:${metricsPort}/metrics`)).toMatch(FILL);
    await started.end('SIGTERM');
  });
});
