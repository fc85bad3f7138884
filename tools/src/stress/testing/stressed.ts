import { resolve } from 'node:path';
import { sourceArguments } from '@opensqt/event-log/testing';
import { killStress } from '../kill-stress';
import type { StressBackend } from '../stress-backend';

const writer = sourceArguments(resolve(__dirname, '../writer.ts'));

/** Kills writers so many times, and expects that their log is whole. */
export async function expectNothingWrong(kills: number, backend: StressBackend): Promise<void> {
  const report = await killStress({ kills, backend, seed: '8', writer });
  expect(report.audit.mismatched).toEqual([]);
  expect(report.faults).toEqual({ lost: 0, gaps: 0, repeats: 0, mismatches: 0 });
  expect(report.acknowledged).toBeGreaterThan(0);
  expect(report.events).toBeGreaterThanOrEqual(report.acknowledged);
  expect(report.restarts.fromSnapshot).toBeGreaterThan(0);
}
