import { join } from 'node:path';
import { Progress, count, parseArguments, print, runCommand, table } from '@opensqt/configuration';
import { type SoakReport, soak } from './soak/soak-run';
import { inTemporaryFolder } from './temporary-folder';

const HELP = `Lets troubles begin and end at random in a process that is killed again and again, while the providers that its alerts
go to refuse, fail, hang, reset and answer nonsense at random. Then it heals the providers, lets the queue drain, and compares
what they got with the log. The exit status is 1 when anything is wrong.

Usage: npm run -s soak -- [options]
  --kills N    how often (default: 200)
  --seed TEXT  the same seed does the same, as far as the machine lets it (default: 1)
  --help       this text
`;

async function runSoak(args: string[]): Promise<void> {
  const { values } = parseArguments({
    args,
    options: {
      kills: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  const kills = count('kills', values.kills);
  const source = [join(__dirname, 'soak/alert-source.js')];
  const progress = new Progress('kills', kills);
  const onKill = (): void => progress.advance(1);
  const report = await inTemporaryFolder((folder) =>
    soak({ kills, seed: values.seed, folder, source, onKill }),
  ).finally(() => progress.end());
  await printReport(report);
}
async function printReport({ faults, moods, ...report }: SoakReport): Promise<void> {
  const rows = [
    ['kills', `${report.kills}, ${report.duringRestore} of them before the process had restored`],
    ['alerts', String(report.alerts)],
    ['messages', `${report.messages}, sent in ${report.attempts} attempts`],
    ...Object.entries(moods).map(([name, counts]) => [
      `${name} was`,
      Object.entries(counts)
        .map(([mood, count]) => `${mood.replace('_', ' ')} ${count}`)
        .join(', '),
    ]),
    ['messages that came twice, each marked or with its key', String(report.repeated)],
    ['alerts without a decision for a channel', String(faults.undecided.length)],
    ['messages that never came, or have no end', String(faults.lost.length)],
    ['messages that came again unmarked', String(faults.unmarked.length)],
    ['messages out of order', String(faults.disordered.length)],
    ['alerts that `why` does not explain', String(faults.unexplained.length)],
    ['alerts that were not printed', String(faults.unprinted.length)],
    ['messages that the log does not know', String(faults.unknown.length)],
    ['secrets shown', String(faults.secrets.length)],
  ];
  await print(`${table(['what', 'found'], rows)}\n`);
  const wrong = Object.entries(faults).flatMap(([fault, cases]: [string, readonly string[]]) =>
    cases.slice(0, 10).map((one) => [fault, one]),
  );
  if (wrong.length === 0) return;
  await print(`\n${table(['fault', 'which'], wrong)}\n`);
  process.exitCode = 1;
}

void runCommand('soak', runSoak);
