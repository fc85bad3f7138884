import { join } from 'node:path';
import { assertNever } from '@opensqt/trading-events';
import { Client } from 'pg';
import {
  Progress,
  UsageError,
  count,
  oneOf,
  parseArguments,
  print,
  runCommand,
  table,
} from '@opensqt/configuration';
import { type KillReport, killStress } from './stress/kill-stress';
import { type StressBackend, postgresBackend, sqliteBackend } from './stress/stress-backend';
import { PostgresServer } from '@opensqt/event-log/testing';
import { inTemporaryFolder } from './temporary-folder';

const BACKENDS = ['sqlite', 'postgres'] as const satisfies readonly StressBackend['name'][];

const HELP = `Kills a process that records events as fast as it can, again and again at random moments, and checks after each kill
that no acknowledged event is lost, that none is missing or there twice, and that the next start has the metrics of the log.
The exit status is 1 when anything is wrong.

Usage: npm run -s stress -- kill [options]
  --kills N       how often (default: 200)
  --backend B     sqlite: on a file (default); postgres: on a server that is started for it, and removed at the end
  --postgres URL  on a log in that database, in a schema of its own that is dropped at the end
  --seed TEXT     the same seed kills at the same moments, as far as the machine lets it (default: 1)
  --help          this text
`;

async function stress(args: string[]): Promise<void> {
  const { values, positionals } = parseArguments({
    args,
    allowPositionals: true,
    options: {
      kills: { type: 'string', default: '200' },
      backend: { type: 'string' },
      postgres: { type: 'string' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  const [command, ...more] = positionals;
  if (command === undefined || more.length > 0) throw new UsageError('Say what to do: kill.');
  oneOf('command', command, ['kill']);
  const kills = count('kills', values.kills);
  const byUrl = values.postgres === undefined ? 'sqlite' : 'postgres';
  const kind = oneOf('backend', values.backend ?? byUrl, BACKENDS);
  if (kind === 'sqlite' && values.postgres !== undefined) {
    throw new UsageError('--postgres names a database, and --backend sqlite wants a file.');
  }
  const progress = new Progress('kills', kills);
  const report = await onALogOfItsOwn(kind, values.postgres, (backend) =>
    killStress({
      kills,
      backend,
      seed: values.seed,
      writer: [join(__dirname, 'stress/writer.js')],
      onKill: () => progress.advance(1),
    }),
  ).finally(() => progress.end());
  await printReport(report, kind);
}

type Stress = (backend: StressBackend) => Promise<KillReport>;

/** Makes a log to stress, and removes it afterwards. */
async function onALogOfItsOwn(
  kind: StressBackend['name'],
  url: string | undefined,
  stressed: Stress,
): Promise<KillReport> {
  switch (kind) {
    case 'sqlite':
      return inTemporaryFolder((folder) => stressed(sqliteBackend(folder)));
    case 'postgres':
      return url === undefined ? onAServer(stressed) : inASchema(url, stressed);
    default:
      return assertNever(kind);
  }
}

async function onAServer(stressed: Stress): Promise<KillReport> {
  const server = await PostgresServer.start();
  try {
    return await stressed(postgresBackend(server.url, 'opensqt_stress'));
  } finally {
    await server.remove();
  }
}

async function inASchema(url: string, stressed: Stress): Promise<KillReport> {
  const schema = `opensqt_stress_${process.pid}`;
  try {
    return await stressed(postgresBackend(url, schema));
  } finally {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    await client.end();
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

void runCommand('stress', stress);
