import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WatchedProcess, freePort } from '@opensqt/event-log/testing';
import { compileProgram } from './testing/compiled-program';
import { REPOSITORY } from './testing/market-maker-process';

const README = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');
/** Inside the repository, so that the program finds the packages as a user's would. */
const FOLDER = join(__dirname, '../out-tsc/readme');

describe('the README', () => {
  beforeAll(() => mkdirSync(FOLDER, { recursive: true }));
  afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

  it('has a program that compiles, counts the fill and notifies the channel', async () => {
    const [, source = ''] = /```ts\n(.*?)```/s.exec(README) ?? [];
    const file = join(FOLDER, 'app.ts');
    writeFileSync(file, source);
    expect(compileProgram(file, FOLDER)).toEqual([]);

    const port = await freePort();
    const child = new WatchedProcess([join(FOLDER, 'app.js')], { env: { PORT: String(port) } });
    try {
      await child.printed('INFO Large execution: BTCUSDT buy 6,000');
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      expect(metrics).toContain('market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"} 1');
      expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    } finally {
      await child.end();
    }
  });

  it('names keys and defaults that the configuration has', () => {
    const [, section = ''] =
      /## Configure the market maker(.*?)## Commands/s.exec(README.replace(/ +/g, ' ')) ?? [];
    const rows = [...section.matchAll(/^\| `([\w.]+)` \| (\S+) \|/gm)];
    expect(rows.length).toBeGreaterThan(5);
    const documented = readFileSync(join(REPOSITORY, 'docs/configuration.md'), 'utf8').replace(/ +/g, ' ');
    for (const [, key = '', fallback = ''] of rows) {
      expect(documented).toMatch(new RegExp(`\\| \`${key}\` \\| [^|]+ \\| ${fallback} \\|`));
    }
  });

  it('names the commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
      scripts: Readonly<Record<string, string>>;
    };
    for (const [, name = ''] of README.matchAll(/npm run (?:-s )?([a-z:]+)/g))
      expect(scripts).toHaveProperty([name]);
  });
});
