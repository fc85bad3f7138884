import { Progress, count, parseArguments, print, runCommand } from '@opensqt/configuration';
import { printFindings } from '../kills/kill-command';
import { type AnswersReport, answersStress } from './answers-stress';

const HELP = `Lets three writers and five readers share a log in PostgreSQL, on a server that is started for it, while answers to commits are
lost on the way and the server is killed and started again, at random moments. Then checks that the log holds each acknowledged event once
and in order, and that each reader saw each record once and in order. The exit status is 1 when anything is wrong.

Usage: npm run -s stress -- answers [options]
  --cuts N      answers that are lost (default: 100)
  --crashes N   times that the server is killed (default: 20)
  --seed TEXT   the same seed has the troubles at the same moments, as far as the machine lets it (default: 1)
  --help        this text
`;

/** Runs the command `stress -- answers` with the arguments of this process. */
export function runAnswersCommand(): Promise<void> {
  return runCommand('stress', async (args) => {
    const text = { type: 'string' } as const;
    const { values } = parseArguments({
      args,
      allowPositionals: true,
      options: {
        cuts: { ...text, default: '100' },
        crashes: { ...text, default: '20' },
        seed: { ...text, default: '1' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return print(HELP);
    const [cuts, crashes] = [count('cuts', values.cuts), count('crashes', values.crashes)];
    const progress = new Progress('troubles', cuts + crashes);
    const onTrouble = (): void => progress.advance(1);
    const run = answersStress({ cuts, crashes, seed: values.seed, onTrouble });
    await printFindings(findingsOf(await run.finally(() => progress.end())));
  });
}

function findingsOf({ faults, ...report }: AnswersReport): Parameters<typeof printFindings>[0] {
  return {
    rows: [
      ['answers that were lost', String(report.cuts)],
      ['kills of the server', String(report.crashes)],
      ['events in the log', String(report.events)],
      ['acknowledged', String(report.acknowledged)],
      ['acknowledged and lost', String(faults.lost)],
      ['gaps', String(faults.gaps)],
      ['repeats', String(faults.repeats)],
      ["out of a writer's order", String(faults.disorder)],
      ['readers', String(report.readers)],
      ['seen twice', String(faults.seenTwice)],
      ['seen out of order', String(faults.seenLate)],
      ['not seen', String(faults.unseen)],
    ],
    faults: Object.entries(faults)
      .filter(([, found]) => found > 0)
      .map(([fault, found]) => [fault, String(found)]),
  };
}
