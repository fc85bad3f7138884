import { parseArgs } from 'node:util';
import { eventLogRows } from './benchmarks/event-log.benchmark';
import { foldRows } from './benchmarks/fold.benchmark';
import { memoryRows } from './benchmarks/memory.benchmark';
import { publishRows } from './benchmarks/publish.benchmark';
import { restartRows, snapshotRows } from './benchmarks/restart.benchmark';
import { scrapeRows } from './benchmarks/scrape.benchmark';
import { stormRows } from './benchmarks/storm.benchmark';
import { oneOf, print, runCommand } from './command-line';
import { writeBenchmarksDocument } from './documents/benchmarks-document';
import { table } from './documents/markdown';

type Rows = readonly (readonly string[])[];

/** What can be measured, by name. */
const SUITES: Readonly<Record<string, () => Promise<Rows>>> = {
  'event-log': eventLogRows,
  fold: foldRows,
  publish: publishRows,
  scrape: scrapeRows,
  memory: memoryRows,
  storm: stormRows,
  snapshot: snapshotRows,
  restart: () => restartRows(1_000_000),
};

const HELP = `Measures, each figure beside its floor in the same run: medians of interleaved rounds.

Usage: npm run bench -- [options]
  --only NAME  only this suite: ${Object.keys(SUITES).join(', ')}
  --write      put the tables into docs/benchmarks.md
  --help       this text
`;

async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  const names = Object.keys(SUITES);
  const wanted = values.only === undefined ? names : [oneOf('suite', values.only, names)];
  for (const name of wanted) {
    const rows = (await SUITES[name]?.()) ?? [];
    const results = table([name, 'median', 'against', 'ratio', 'budget'], rows);
    await print(`${results}\n\n`);
    if (values.write) await writeBenchmarksDocument(name, results);
  }
}

void runCommand('bench', () => bench(process.argv.slice(2)));
