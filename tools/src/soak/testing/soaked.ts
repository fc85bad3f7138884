import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { sourceArguments } from '@opensqt/event-log/testing';
import { inTemporaryFolder } from '../../temporary-folder';
import { type SoakReport, soak } from '../soak-run';

const script = sourceArguments(resolve(__dirname, '../alert-source.ts'));

const isInstalled = spawnSync('prometheus-alertmanager', ['--version']).status === 0;

/** Debian's Alertmanager; .ci/run installs it. */
export const describeSoak = isInstalled ? describe : describe.skip;

/** Kills a source of alerts so many times, and expects that all of them arrived as they should. */
export async function expectAllArrived(kills: number): Promise<SoakReport> {
  const report = await inTemporaryFolder((folder) => soak({ kills, seed: '6', script }, folder));
  expect(Object.entries(report.faults).filter(([, cases]) => cases.length > 0)).toEqual([]);
  expect(report.alerts).toBeGreaterThan(0);
  return report;
}
