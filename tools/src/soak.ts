import { join } from 'node:path';
import { runKillCommand } from './kills/kill-command';
import { type Fault, FAULTS } from './soak/delivery-audit';
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

void runKillCommand({
  name: 'soak',
  help: HELP,
  script: join(__dirname, 'soak/alert-source.js'),
  run: async (kill) => {
    const report = await inTemporaryFolder((folder) => soak(kill, folder));
    const faults = Object.entries(report.faults).flatMap(([fault, cases]) =>
      cases.slice(0, 10).map((one) => [fault, one]),
    );
    return { rows: rowsOf(report), faults };
  },
});

function rowsOf({ faults, moods, ...report }: SoakReport): readonly (readonly string[])[] {
  return [
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
    ['dead letters that two attempts left uncertain', String(report.uncertain)],
    ...Object.entries(FAULTS).map(([fault, what]) => [what, String(faults[fault as Fault].length)]),
  ];
}
