import { parseArgs } from 'node:util';
import { checkLive } from './deploy/live-checks';
import { FILE_CHECKS } from './deploy/file-checks';
import { checkImage } from './deploy/image-check';
import { Unavailable } from './deploy/programs';
import { inTemporaryFolder } from './temporary-folder';

const HELP = `Checks all of deploy/ as far as it can be checked on this machine, and says what could not be. The default run, Prometheus
and Alertmanager are started on loopback, with data in a temporary folder. The exit status is 1 when anything is wrong.

Usage: npm run -s deploy:check [-- --files]
  --files   only what can be judged without starting servers and building the image
  --help    this text
`;

const { values } = parseArgs({ options: { files: { type: 'boolean' }, help: { type: 'boolean' } } });

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
void (values.help === true ? Promise.resolve(say(HELP.trimEnd())) : check(values.files === true));

async function check(onlyFiles: boolean): Promise<void> {
  for (const [name, one] of Object.entries(FILE_CHECKS)) {
    await attempt(name, async () => say(`ok       ${name}: ${await one()}`));
  }
  if (!onlyFiles) {
    await attempt('the image', async () => say(`ok       the image: it ${await checkImage()}`));
    await attempt('against real servers', () =>
      inTemporaryFolder((folder) => checkLive(folder, (line) => say(`ok       live: ${line}`))),
    );
  }
  say(
    'skipped  Grafana: there is no package of it; its panels are not drawn, their queries are what live checks ask',
  );
}

async function attempt(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Unavailable) return say(`skipped  ${name}: ${error.message}`);
    say(`FAILED   ${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
