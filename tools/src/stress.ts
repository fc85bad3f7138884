import { join } from 'node:path';
import { UsageError, oneOf } from '@opensqt/configuration';
import { type KillCommand, runKillCommand } from './kills/kill-command';
import { runAnswersCommand } from './stress/answers-command';
import { type KillReport, killStress } from './stress/kill-stress';
import { BACKENDS, onPostgres, onSqlite } from './stress/stress-backend';

const HELP = `Kills a process that records events as fast as it can, again and again at random moments, and checks after each kill
that no acknowledged event is lost, that none is missing or there twice, and that the next start has the metrics of the log. Meanwhile the oldest events
are archived, or in PostgreSQL dropped. In the end the log is verified.
The exit status is 1 when anything is wrong.

Usage: npm run -s stress -- kill [options]
       npm run -s stress -- answers [options]   lost answers and kills of a PostgreSQL server (see its --help)
  --kills N       how often (default: 200)
  --backend B     sqlite: on a file (default); postgres: on a server that is started for it, and removed at the end
  --postgres URL  on a log in that database, in a schema of its own that is dropped at the end
  --seed TEXT     the same seed kills at the same moments, as far as the machine lets it (default: 1)
  --help          this text
`;

const KILL: KillCommand<'backend' | 'postgres'> = {
  name: 'stress',
  help: HELP,
  script: join(__dirname, 'stress/writer.js'),
  words: ['kill', 'answers'],
  options: ['backend', 'postgres'],
  run: async (kill, { postgres: url, backend }) => {
    const kind = oneOf('backend', backend ?? (url === undefined ? 'sqlite' : 'postgres'), BACKENDS);
    if (kind === 'sqlite' && url !== undefined) {
      throw new UsageError('--postgres names a database, and --backend sqlite wants a file.');
    }
    const report =
      kind === 'sqlite'
        ? await onSqlite((log) => killStress(kill, log))
        : await onPostgres((log) => killStress(kill, log), url);
    return { rows: [['backend', kind], ...rowsOf(report)], faults: faultsOf(report) };
  },
};

void (process.argv[2] === 'answers' ? runAnswersCommand() : runKillCommand(KILL));

function rowsOf({
  kills,
  duringRestore,
  restarts,
  audit,
  retiredThrough,
  duringDrop,
  verified,
}: KillReport): readonly (readonly string[])[] {
  const { events, acknowledged, faults } = audit;
  return [
    ['kills', `${kills}, ${duringRestore} of them before the writer had restored`],
    ['events in the log', String(events)],
    ['of them archived or dropped meanwhile', String(retiredThrough)],
    ['kills while a partition was being dropped', String(duringDrop)],
    ['acknowledged', String(acknowledged)],
    ['acknowledged and lost', String(faults.lost)],
    ['gaps', String(faults.gaps)],
    ['repeats', String(faults.repeats)],
    ['restarts whose metrics were not those of the log', String(faults.mismatches)],
    ['restarts from a snapshot', String(restarts.fromSnapshot)],
    ['restarts without a snapshot', String(restarts.fromNothing)],
    ['verify afterwards', verified ? 'finds it whole' : 'finds faults'],
  ];
}

function faultsOf({ verified, audit: { faults, mismatched } }: KillReport): readonly (readonly string[])[] {
  const counted = Object.entries(faults).filter(([, count]) => count > 0);
  return [
    ...counted.map(([fault, count]) => [fault, String(count)]),
    ...(verified ? [] : [['verify', 'the log is not whole']]),
    ...mismatched
      .slice(0, 20)
      .map(({ name, expected = '–', found = '–' }) => [name, `${found}; by the log ${expected}`]),
  ];
}
