import { join } from 'node:path';
import { runKillCommand } from './kills/kill-command';
import { type Fault, FAULTS } from './soak/delivery-audit';
import { type SoakReport, soak } from './soak/soak-run';
import { inTemporaryFolder } from './temporary-folder';

const HELP = `Lets troubles begin and end at random in a process that is killed again and again, while the receivers of its alerts
misbehave at random: providers refuse, fail, hang, reset, answer nonsense or after 12 s, a proxy drops connections, a mail server
greylists, and a real Alertmanager (prometheus-alertmanager, which has to be installed) is killed and restarted. Then it heals
them, lets the queue drain, and compares what they got with the log. The exit status is 1 when anything is wrong.

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
        .map(([mood, count]) => `${mood.replaceAll('_', ' ')} ${count}`)
        .join(', '),
    ]),
    ['messages that came twice, each marked or with its key', String(report.repeated)],
    ['dead letters, each told by another channel', String(report.deadLetters)],
    ['messages whose alert had ended before their turn came', String(report.overtaken)],
    ...Object.entries(FAULTS).map(([fault, what]) => [what, String(faults[fault as Fault].length)]),
  ];
}
