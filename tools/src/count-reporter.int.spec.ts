import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTemporaryFolder } from './temporary-folder';

const REPORTER = join(__dirname, '../jest-count-reporter.js');
const RUN = `new (require(${JSON.stringify(REPORTER)}))().onRunComplete(
  {}, { numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 0 })`;

const node = (args: readonly string[], file = ''): string =>
  execFileSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, TEST_COUNTS: file } });

describe('the line that counts tests', () => {
  it('closes a run that stands for itself', () => {
    expect(node(['-e', RUN])).toBe('\n3 passed, 1 failed, 2 skipped\n');
  });

  it('adds several runs up, and is left to the end', () =>
    inTemporaryFolder((folder) => {
      const file = join(folder, 'counts');
      writeFileSync(file, '');
      expect(node(['-e', RUN], file) + node(['-e', RUN], file)).toBe('');
      expect(node([REPORTER], file)).toBe('\n6 passed, 2 failed, 4 skipped\n');
      return Promise.resolve();
    }));
});
