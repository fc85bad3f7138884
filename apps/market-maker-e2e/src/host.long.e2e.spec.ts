import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestBrowser } from './console/testing/browser';
import { InstalledHost, pack } from './testing/host/installed-host';

/** The packages that an application of each major version of Nest brings. */
const hosts = [12, 11].map(
  (major) =>
    [
      major,
      [
        ...['common', 'core', 'platform-express', 'platform-fastify'].map(
          (name) => `@nestjs/${name}@${major}`,
        ),
        `@nestjs/event-emitter@${major === 12 ? 12 : 3}`,
        ...['reflect-metadata@0.2', 'rxjs@7', '@types/node@22'],
      ],
    ] as const,
);

describe.each(hosts)('an application on Nest %i that installs the packages', (_major, packages) => {
  let tarballs: string;
  let host: InstalledHost;

  beforeAll(async () => {
    tarballs = mkdtempSync(join(tmpdir(), 'opensqt-packages-'));
    await pack(tarballs);
    host = await InstalledHost.install(tarballs, packages);
    host.write('host', readFileSync(join(__dirname, 'testing/host/host.ts'), 'utf8'));
  });

  afterAll(async () => {
    await host.clear();
    rmSync(tarballs, { recursive: true, force: true });
  });

  it.each([
    ['express', 'first'],
    ['fastify', 'last'],
  ])(
    'is observed on %s with the module imported %s, and hears its own events',
    async (adapter, observability) => {
      const log = `${adapter}-${observability}.db`;
      const started = host.start('host', { arg: { log, adapter, observability, ownHealth: false } });
      await started.printed('listening');
      await started.printed('the host heard order.filled');
      await started.printed('alert INFO Large execution: BTCUSDT buy 6,000');
      expect(started.output.match(/the host heard/g)).toHaveLength(1);

      const [url = ''] = /http:\S+/.exec(started.stdout.slice(started.stdout.indexOf('listening'))) ?? [];
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toMatch(/market_maker_orders_filled_total\{symbol="BTCUSDT",side="buy"\} 1\n/);
      expect(metrics).not.toContain('process_cpu_seconds_total');
      expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok' });
      expect(await host.opensqt('alerts', 'history', '--url', url)).toContain('Large execution');

      expect(await started.end('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
      expect(await host.opensqt('events', '--log', log, '--type', 'order.filled')).toContain('BTCUSDT');
      expect(await host.opensqt('verify', '--log', log)).toContain('is intact');
      expect(await host.opensqt('replay', '--log', log)).toContain('market_maker_orders_filled_total');
    },
  );

  it('has the page below its prefix on Fastify', async () => {
    const page = { log: 'page.db', adapter: 'fastify', observability: 'last', ownHealth: false };
    const started = host.start('host', { arg: { ...page, http: { prefix: true }, prefix: 'api' } });
    await started.printed('listening');
    const [url = ''] = /http:\S+/.exec(started.stdout.slice(started.stdout.indexOf('listening'))) ?? [];
    const browser = new TestBrowser();
    try {
      await browser.launch();
      const shown = await browser.open(`${url}/api/observability`);
      await shown.getByRole('heading', { name: 'Unknown: no symbol is traded' }).waitFor();
      await shown.getByRole('link', { name: 'Timeline' }).click();
      await shown.getByRole('cell', { name: 'order.filled' }).first().waitFor();
      expect(browser.complaints).toEqual([]);
    } finally {
      await browser.close();
    }
    await started.end('SIGTERM');
  });

  it('keeps its own /health where it asks for that, and is refused where it does not say', async () => {
    const own = { log: 'own.db', adapter: 'express', observability: 'first', ownHealth: true };
    const clashing = host.start('host', { arg: own });
    expect((await clashing.ended()).code).not.toBe(0);
    expect(clashing.output).toContain("GET /health is answered by the application's OwnHealth and by");

    const started = host.start('host', { arg: { ...own, http: { health: false } } });
    await started.printed('listening');
    const [url = ''] = /http:\S+/.exec(started.stdout.slice(started.stdout.indexOf('listening'))) ?? [];
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ host: 'well' });
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
    await started.end('SIGTERM');
  });

  it('compiles with the types of the packages, for a target that is older than theirs', async () => {
    await host.checkTypes('host');
    const { dependencies } = JSON.parse(
      readFileSync(join(host.folder, 'node_modules/@opensqt/observability/package.json'), 'utf8'),
    ) as { readonly dependencies: Readonly<Record<string, string>> };
    expect(Object.values(dependencies)).not.toContain('*');
  });
});
