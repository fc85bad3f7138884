import { compare } from './benchmarks/measure';
import { metricsComparisons } from './benchmarks/metrics.benchmark';
import { table } from './documents/markdown';

const rows = metricsComparisons()
  .map(compare)
  .map(({ name, subjectNs, floorNs, floorName, ratio, budget }) => [
    name,
    `${subjectNs.toFixed(0)} ns`,
    `${floorName}: ${floorNs.toFixed(0)} ns`,
    ratio.toPrecision(2),
    budget,
  ]);
process.stdout.write(`${table(['what', 'median', 'against', 'ratio', 'budget'], rows)}\n`);
