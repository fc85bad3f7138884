import { lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@opensqt/event-log/testing';
import { InstalledHost, pack } from './testing/host/installed-host';
import { REPOSITORY } from './testing/market-maker-process';

const README = 'README.md';
const OF_THE_PACKAGE = 'libs/observability/README.md';
/** The version of Nest that the folder has, which a README can't know. */
const VERSIONS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  12: { '@nestjs/event-emitter': '12' },
  11: { '@nestjs/event-emitter': '3' },
};

const textOf = (name: string): string => readFileSync(join(REPOSITORY, name), 'utf8');

/** The first blocks of TypeScript: a program, and what follows. */
function blocksOf(readme: string): readonly string[] {
  return [...textOf(readme).matchAll(/```ts\n(.*?)```/gs)].map(([, source = '']) => source);
}

/** The packages that a README has installed, with the version of Nest. */
function packagesOf(readme: string, nest: number): readonly string[] {
  const lines = [...textOf(readme).matchAll(/^npm install ([^#\n]+)/gm)];
  const names = lines.flatMap(([, list = '']) => list.trim().split(' '));
  const others = names.filter((name) => !name.startsWith('@opensqt/'));
  expect(others).toContain('@nestjs/core');
  const major = (name: string): string => VERSIONS[nest]?.[name] ?? String(nest);
  return others.map((name) => (name.startsWith('@nestjs/') ? `${name}@${major(name)}` : name));
}

describe('what the packages say of themselves, in an empty folder', () => {
  let tarballs: string;
  let host: InstalledHost;

  beforeAll(async () => {
    tarballs = mkdtempSync(join(tmpdir(), 'opensqt-packages-'));
    await pack(tarballs);
  });
  afterEach(() => host.clear());
  afterAll(() => rmSync(tarballs, { recursive: true, force: true }));

  it.each([12, 11].flatMap((nest) => [README, OF_THE_PACKAGE].map((readme) => [readme, nest] as const)))(
    'has the program of %s with its metrics, health, alert and orderly end on Nest %i',
    async (readme, nest) => {
      host = await InstalledHost.install(tarballs, [...packagesOf(readme, nest), '@types/node@24']);
      const [program = ''] = blocksOf(readme);
      host.write('app', program);
      await host.checkTypes('app');

      const port = await freePort();
      const started = host.start('app', { env: { PORT: String(port) } });
      await started.printed('Large execution: BTCUSDT buy');
      const url = `http://127.0.0.1:${port}`;
      expect(await (await fetch(`${url}/metrics`)).text()).toContain(
        'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"} 1\n',
      );
      expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok' });
      expect(await (await fetch(`${url}/alerts/history`)).text()).toContain('Large execution');
      expect(await started.end('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
      expect(started.output).not.toMatch(/ (WARN|ERROR|FATAL) /);
    },
  );

  it('has options in the README of the package that are there', async () => {
    host = await InstalledHost.install(tarballs, [...packagesOf(OF_THE_PACKAGE, 12), '@types/node@24']);
    const [, options = ''] = blocksOf(OF_THE_PACKAGE);
    host.write('options', `import { ObservabilityModule } from '@opensqt/observability';\n${options}`);
    await host.checkTypes('options');
  });

  it('is as many packages and megabytes as the README says', async () => {
    const [, packages, megabytes] = /add (\d+) packages and (\d+) MB/.exec(textOf(README)) ?? [];
    host = await InstalledHost.install(tarballs, []);
    const modules = join(host.folder, 'node_modules');
    const { packages: installed } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as {
      packages: object;
    };
    expect(Object.keys(installed).length).toBe(Number(packages));
    const files = readdirSync(modules, { recursive: true, encoding: 'utf8' })
      .map((name) => lstatSync(join(modules, name)))
      .filter((entry) => entry.isFile());
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    expect(Math.abs(bytes / 1e6 - Number(megabytes))).toBeLessThan(1); // newer releases of what they need differ by less
  });
});
