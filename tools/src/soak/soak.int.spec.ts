import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { soak } from './soak-run';

const SOURCE = [
  '--conditions=@opensqt/source',
  '--require',
  resolve(__dirname, '../testing/typescript-require.js'),
  resolve(__dirname, 'alert-source.ts'),
];

describe('alerts of a process that is killed at random moments, through providers that fail at random', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opensqt-soak-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('all arrive, in order, none twice without its mark, each explained, and no secret is shown', async () => {
    const report = await soak({ kills: 6, seed: '6', folder, source: SOURCE });
    expect(Object.entries(report.faults).filter(([, cases]) => cases.length > 0)).toEqual([]);
    expect(report.alerts).toBeGreaterThan(0);
    expect(report.attempts).toBeGreaterThan(report.messages);
  });
});
