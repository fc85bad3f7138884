import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@opensqt/event-log/testing';
import { MarketMakerProcess, REPOSITORY, Workplace } from './testing/market-maker-process';

const MAIN = join(REPOSITORY, 'apps/market-maker/dist/main.js');

describe('npm run dev', () => {
  const workplace = new Workplace();
  afterAll(() => workplace.clear());

  it('restarts the market maker in order when it was built anew, and ends with all that it started', async () => {
    const port = await freePort();
    const config = workplace.write('dev.yaml', `server: { port: ${port} }`);
    const dev = new MarketMakerProcess(
      [join(REPOSITORY, 'tools/dist/dev.js'), '--config', config],
      { cwd: workplace.folder },
      port,
    );
    try {
      await dev.printed('Watching for file changes');
      await dev.answering();
      utimesSync(MAIN, new Date(), new Date());
      await dev.printed(/Stopped after [\s\S]*Restored from [\s\S]*Metrics {2}http/);
      await dev.answering();
      dev.signal('SIGTERM');
      expect((await dev.ended()).signal).toBeNull(); // the end of all that writes to its output
      await expect(dev.get('/health')).rejects.toThrow('fetch failed');
    } finally {
      await dev.end();
    }
  });
});
