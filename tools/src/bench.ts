import { compare } from './benchmarks/measure';
import { metricsComparisons } from './benchmarks/metrics.benchmark';
import { restartRows, snapshotRows } from './benchmarks/restart.benchmark';
import { runCommand } from './command-line';
import { table } from './documents/markdown';

const COLUMNS = ['what', 'median', 'against', 'ratio', 'budget'];

async function bench(): Promise<void> {
  const metrics = metricsComparisons()
    .map(compare)
    .map(({ name, subjectNs, floorNs, floorName, ratio, budget }) => [
      name,
      `${subjectNs.toFixed(0)} ns`,
      `${floorName}: ${floorNs.toFixed(0)} ns`,
      ratio.toPrecision(2),
      budget,
    ]);
  const rows = [...metrics, ...(await snapshotRows()), ...(await restartRows(1_000_000))];
  process.stdout.write(`${table(COLUMNS, rows)}\n`);
}

void runCommand('bench', bench);
