import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError, oneOf, position, print, runCommand } from './command-line';
import { table } from './documents/markdown';
import { Progress } from './progress';
import { type KillReport, killStress } from './stress/kill-stress';
import { STRESS_BACKENDS } from './stress/stress-backend';

const BACKENDS = Object.keys(STRESS_BACKENDS);

const HELP = `Kills a process that records events as fast as it can, again and again at random moments, and checks after each kill
that no acknowledged event is lost, that none is missing or there twice, and that the next start has the metrics of the log.
The exit status is 1 when anything is wrong.

Usage: npm run -s stress -- kill [options]
  --kills N       how often (default: 200)
  --backend NAME  ${BACKENDS.join(' or ')} (default: sqlite)
  --seed TEXT     the same seed kills at the same moments, as far as the machine lets it (default: 1)
  --help          this text
`;

async function stress(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      kills: { type: 'string', default: '200' },
      backend: { type: 'string', default: 'sqlite' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  if (positionals.join(' ') !== 'kill') throw new UsageError('Say what to do: kill.');
  const kills = position('kills', values.kills) ?? 1;
  const backendName = oneOf('backend', values.backend, BACKENDS);
  const backend = STRESS_BACKENDS[backendName];
  if (backend === undefined) throw new UsageError(`There is no backend ${backendName}.`);
  const folder = await mkdtemp(join(tmpdir(), 'opensqt-stress-'));
  const progress = new Progress('kills', kills);
  try {
    const writer = [join(__dirname, 'stress/writer.js')];
    const onKill = (): void => progress.advance(1);
    const report = await killStress({
      kills,
      backendName,
      backend,
      folder,
      seed: values.seed,
      writer,
      onKill,
    });
    progress.end();
    await printReport(report, backendName);
  } finally {
    progress.end();
    await rm(folder, { recursive: true, force: true });
  }
}

async function printReport(report: KillReport, backend: string): Promise<void> {
  const { kills, duringRestore, events, acknowledged, faults, restarts, damaged, audit } = report;
  const rows = [
    ['backend', backend],
    ['kills', `${kills}, ${duringRestore} of them before the writer had restored`],
    ['events in the log', String(events)],
    ['acknowledged', String(acknowledged)],
    ['acknowledged and lost', String(faults.lost)],
    ['gaps', String(faults.gaps)],
    ['repeats', String(faults.repeats)],
    ['restarts whose metrics were not those of the log', String(faults.mismatches)],
    ['restarts from the newest snapshot', String(restarts.fromSnapshot)],
    [`restarts from an older one (damaged on purpose: ${damaged})`, String(restarts.fellBack)],
    ['restarts without a snapshot', String(restarts.fromNothing)],
  ];
  await print(`${table(['what', 'found'], rows)}\n`);
  const shown = audit.mismatched
    .slice(0, 20)
    .map(({ name, expected = '–', found = '–' }) => [name, expected, found]);
  if (shown.length > 0) await print(`\n${table(['series', 'from the log', 'after the restart'], shown)}\n`);
  if (Object.values(faults).some((count) => count > 0)) process.exitCode = 1;
}

void runCommand('stress', () => stress(process.argv.slice(2)));
