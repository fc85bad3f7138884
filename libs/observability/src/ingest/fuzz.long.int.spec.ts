import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresServer } from '@opensqt/event-log/testing';
import { expectNothingLost } from './testing/fuzzed-application';

describe('an application whatever is emitted, for minutes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-fuzz-'));
  let server: PostgresServer;
  let runs = 0;

  beforeAll(async () => {
    server = await PostgresServer.start();
  });

  afterAll(async () => {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('throws nothing, and says after a restart what it said before, on a file', () =>
    expectNothingLost(() => ({ kind: 'sqlite', path: join(folder, `${(runs += 1)}.db`) }), 60));

  it('throws nothing, and says after a restart what it said before, on PostgreSQL', () =>
    expectNothingLost(
      () => ({ kind: 'postgres', url: server.url, schema: `fuzz_${(runs += 1)}`, writer: 'fuzz' }),
      40,
    ));
});
