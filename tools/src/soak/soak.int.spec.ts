import { resolve } from 'node:path';
import { sourceArguments } from '@opensqt/event-log/testing';
import { inTemporaryFolder } from '../temporary-folder';
import { soak } from './soak-run';

const source = sourceArguments(resolve(__dirname, 'alert-source.ts'));

describe('alerts of a process that is killed at random moments, through providers that fail at random', () => {
  it('all arrive, in order, none twice without its mark, each explained, and no secret is shown', async () => {
    const report = await inTemporaryFolder((folder) => soak({ kills: 6, seed: '6', folder, source }));
    expect(Object.entries(report.faults).filter(([, cases]) => cases.length > 0)).toEqual([]);
    expect(report.alerts).toBeGreaterThan(0);
    expect(report.attempts).toBeGreaterThan(report.messages);
  });
});
