import { parseArgs } from 'node:util';
import { eventLogRows } from './benchmarks/event-log.benchmark';
import { compare } from './benchmarks/measure';
import { metricsComparisons } from './benchmarks/metrics.benchmark';
import { oneOf, print, runCommand } from './command-line';
import { table } from './documents/markdown';

type Rows = readonly (readonly string[])[];

/** What can be measured, by name. */
const SUITES: Readonly<Record<string, () => Rows | Promise<Rows>>> = {
  metrics: metricsRows,
  'event-log': eventLogRows,
};

const HELP = `Measures, each figure beside its floor in the same run: medians of interleaved rounds.

Usage: npm run bench -- [options]
  --only NAME  only this suite: ${Object.keys(SUITES).join(', ')}
  --help       this text
`;

async function bench(args: string[]): Promise<void> {
  const options = { only: { type: 'string' }, help: { type: 'boolean', default: false } } as const;
  const { values } = parseArgs({ args, options });
  if (values.help) return print(HELP);
  const names = Object.keys(SUITES);
  const wanted = values.only === undefined ? names : [oneOf('suite', values.only, names)];
  for (const name of wanted) {
    const rows = (await SUITES[name]?.()) ?? [];
    await print(`${table([name, 'median', 'against', 'ratio', 'budget'], rows)}\n`);
  }
}

function metricsRows(): Rows {
  return metricsComparisons()
    .map(compare)
    .map(({ name, subjectNs, floorNs, floorName, ratio, budget }) => [
      name,
      `${subjectNs.toFixed(0)} ns`,
      `${floorName}: ${floorNs.toFixed(0)} ns`,
      ratio.toPrecision(2),
      budget,
    ]);
}

void runCommand('bench', () => bench(process.argv.slice(2)));
