import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventLog } from '@opensqt/event-log';
import { createEvent } from '@opensqt/trading-events';
import { runTool } from '../testing/run-tool';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-backup-'));
  const log = await openSqliteEventLog({ path: join(folder, 'data/events.db') });
  await log.append([createEvent('symbol.stopped', { symbol: 'A', reason: 'operator' })]);
  await log.close();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the backup command', () => {
  it('copies the log and prints the end of its chain', async () => {
    const { status, stdout } = await runTool('backup', folder, ['--to', 'backup/copy.db']);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^backup\/copy\.db holds positions 1 to 1 and is intact\. Its chain ends at 1:[0-9a-f]{64}\n$/,
    );
  });

  it.each([
    [[], 2, 'Name the copy: npm run -s backup -- --to FILE.'],
    [['--to', 'x.db', '--log', 'none.db'], 1, 'There is no event log at'],
    [['--to', 'data/events.db'], 1, 'is there already and is not overwritten'],
    [['--help'], 0, 'Usage: npm run -s backup'],
  ])('answers %j with status %d and a sentence', async (args, expected, sentence) => {
    const { status, stdout, stderr } = await runTool('backup', folder, args);
    expect(status).toBe(expected);
    expect(stdout + stderr).toContain(sentence);
  });
});
