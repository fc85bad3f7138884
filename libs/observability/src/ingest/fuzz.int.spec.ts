import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectNothingLost } from './testing/fuzzed-application';

describe('an application whatever is emitted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-fuzz-'));
  let runs = 0;

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('throws nothing, on a log in memory', () => expectNothingLost(() => ({ kind: 'memory' }), 4));

  it('throws nothing, and says after a restart what it said before, on a file', () =>
    expectNothingLost(() => ({ kind: 'sqlite', path: join(folder, `${(runs += 1)}.db`) }), 6));
});
