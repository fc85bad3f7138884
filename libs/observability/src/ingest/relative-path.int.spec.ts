import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { AlertApplication } from '../alerts/delivery/testing/alert-application';

describe('a log of a test, under NODE_ENV=test', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'opensqt-relative-')));
  const path = join(folder, 'events.db');
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => rmSync(folder, { recursive: true }));

  async function warnings(given: string): Promise<readonly string[]> {
    const application = await AlertApplication.start({ path: given, name: 'mm' });
    await application.stop();
    return application.lines.filter((line) => line.includes('A test writes to'));
  }

  it('is warned of where its path is relative, with the file that is written', async () => {
    const given = relative(process.cwd(), path);
    expect(await warnings(given)).toEqual([
      expect.stringContaining(
        `A test writes to the event log ${resolve(given)}: eventLog.path is relative. Keep the log of tests in memory, or in a folder of theirs.`,
      ),
    ]);
  });

  it('is not where its path is absolute, or the process no test', async () => {
    expect(await warnings(path)).toEqual([]);
    jest.replaceProperty(process, 'env', { ...process.env, NODE_ENV: 'production' });
    expect(await warnings(relative(process.cwd(), path))).toEqual([]);
  });
});
