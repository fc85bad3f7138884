import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { count, oneOf, parseArguments, print, runCommand, table } from '@opensqt/configuration';
import { eventLogRows } from './benchmarks/event-log.benchmark';
import { foldRows } from './benchmarks/fold.benchmark';
import type { Row } from './benchmarks/measure';
import { memoryRows } from './benchmarks/memory.benchmark';
import { pageRows } from './benchmarks/page.benchmark';
import { pastRows } from './benchmarks/past.benchmark';
import { publishRows } from './benchmarks/publish.benchmark';
import { restartRows } from './benchmarks/restart.benchmark';
import { scrapeRows } from './benchmarks/scrape.benchmark';
import { startRows } from './benchmarks/start.benchmark';
import { stormRows } from './benchmarks/storm.benchmark';
import { fillMarks } from './documents/marks';

/** The suites by name. */
const SUITES: Readonly<Record<string, (sizes: readonly number[]) => Promise<readonly Row[]>>> = {
  'event-log': eventLogRows,
  fold: foldRows,
  publish: publishRows,
  scrape: scrapeRows,
  memory: memoryRows,
  storm: stormRows,
  start: startRows,
  restart: restartRows,
  page: pageRows,
  past: pastRows,
};

const DOCUMENT = 'docs/benchmarks.md';

const HELP = `Measures, each figure beside its floor in the same run: medians of interleaved rounds.
Each suite runs in a process of its own.

Usage: npm run bench -- [options]
  --only NAME  only this suite: ${Object.keys(SUITES).join(', ')}
  --events N   how many events the logs of restart and past have (default: 1000000; 10000000 take some minutes and 5 GB);
               more than once for several logs
  --write      put the tables into docs/benchmarks.md
  --help       this text
`;

async function bench(args: string[]): Promise<void> {
  const { values } = parseArguments({
    args,
    options: {
      only: { type: 'string' },
      events: { type: 'string', multiple: true, default: ['1000000'] },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  const names = Object.keys(SUITES);
  const sizes = values.events.map((events) => count('events', events));
  if (values.only === undefined) {
    for (const name of names) await inItsOwnProcess(name, args);
    return;
  }
  const name = oneOf('suite', values.only, names);
  const rows = (await SUITES[name]?.(sizes)) ?? [];
  const results = table([name, 'median', 'against', 'ratio', 'budget'], rows);
  await print(`${results}\n\n`);
  if (values.write) await writeFile(DOCUMENT, fillMarks(await readFile(DOCUMENT, 'utf8'), name, results));
}

/** A suite would be measured with all that the one before has made of the heap, of compiled code and of registries. */
async function inItsOwnProcess(name: string, args: readonly string[]): Promise<void> {
  const { execPath, execArgv } = process;
  const suite = spawn(execPath, [...execArgv, __filename, ...args, '--only', name], { stdio: 'inherit' });
  const [status] = (await once(suite, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`The suite ${name} did not end well: what it printed above says why.`);
}

void runCommand('bench', bench);
