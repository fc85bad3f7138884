import { resolve } from 'node:path';
import { sourceArguments } from '@opensqt/event-log/testing';
import { type KillReport, killStress } from '../kill-stress';
import type { StressBackend } from '../stress-backend';

const script = sourceArguments(resolve(__dirname, '../writer.ts'));

/** Kills writers so many times, and expects that their log is whole. */
export async function expectNothingWrong(kills: number, backend: StressBackend): Promise<KillReport> {
  const report = await killStress({ kills, seed: '8', script }, backend);
  const { audit, restarts, verified } = report;
  expect(audit.mismatched).toEqual([]);
  expect(audit.faults).toEqual({ lost: 0, gaps: 0, repeats: 0, mismatches: 0 });
  expect(verified).toBe(true);
  expect(audit.acknowledged).toBeGreaterThan(0);
  expect(audit.events).toBeGreaterThanOrEqual(audit.acknowledged);
  expect(restarts.fromSnapshot).toBeGreaterThan(0);
  return report;
}
