import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const REPOSITORY = join(__dirname, '../../..');
/** Four installations and twenty applications, on a machine that does much else. */
const WITHIN_MS = 1_200_000;

describe('npm run -s hosts:check', () => {
  it(
    'finds nothing in applications with each pair of features, on Nest 11 and 12, Express and Fastify, npm and pnpm',
    async () => {
      const check = promisify(execFile)('npm', ['run', '-s', 'hosts:check', '--', '--pairs'], {
        cwd: REPOSITORY,
      });
      const { stdout } = await check.catch((error: { readonly stdout: string }) => {
        throw new Error(error.stdout);
      });
      expect(stdout).not.toContain('FAILED');
      expect(stdout).toContain('ok       Nest 11, npm, a test with Jest');
    },
    WITHIN_MS,
  );
});
