import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { REPOSITORY } from './repository';

/** The default run takes six minutes to show everything, an image is built before it. */
const WITHIN_MS = 1_500_000;

describe('npm run -s deploy:check', () => {
  it(
    'runs the bot beside Prometheus and Alertmanager: each panel has samples, and its end is alerted',
    async () => {
      const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'deploy:check'], { cwd: REPOSITORY });
      if (stdout.includes('skipped  against real servers')) process.stderr.write(stdout);
      else expect(stdout).toContain('live: the end of the bot is alerted: OpensqtDown');
    },
    WITHIN_MS,
  );
});
