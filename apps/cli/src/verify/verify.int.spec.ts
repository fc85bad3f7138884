import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type VerifyReport, openSqliteEventLog } from '@opensqt/event-log';
import { createEvent } from '@opensqt/trading-events';
import { type ToolResult, runTool } from '../testing/run-tool';

let folder: string;
const verify = (...args: readonly string[]): Promise<ToolResult> => runTool('verify', folder, args);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-verify-'));
  const log = await openSqliteEventLog({ path: join(folder, 'data/events.db') });
  for (const symbol of ['A', 'B', 'C']) {
    await log.append([createEvent('symbol.stopped', { symbol, reason: 'operator' })]);
  }
  await log.close();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function change(sql: string): void {
  const database = new DatabaseSync(join(folder, 'data/events.db'));
  database.exec(sql);
  database.close();
}

function damage(): void {
  change('DELETE FROM events WHERE position = 2');
}

describe('the verify command', () => {
  it('prints what was looked at and that the log is intact', async () => {
    const { status, stdout, stderr } = await verify();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^events +3 events +ok$/m);
    expect(stdout).toMatch(/\ndata\/events\.db is intact: positions 1 to 3\.\n$/);
  });

  it('prints what is damaged, where, and ends with status 1', async () => {
    damage();
    const { status, stdout } = await verify('--log', 'data/events.db');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^positions +1 to 3 +DAMAGED$/m);
    expect(stdout).toMatch(/^events +2 events +ok$/m);
    expect(stdout).toContain('\nerror: positions: Position 2 is missing.\n');
    expect(stdout).toContain('docs/operations.md, section "Event log"');
  });

  it('prints the same as JSON for programs', async () => {
    damage();
    const { status, stdout } = await verify('--json');
    expect(status).toBe(1);
    const report = JSON.parse(stdout) as VerifyReport;
    expect(report).toMatchObject({ log: 'data/events.db', ok: false, position: 3 });
    expect(report.checks.find(({ check }) => check === 'positions')).toEqual({
      check: 'positions',
      looked: '1 to 3',
      found: 1,
      findings: [{ severity: 'error', message: 'Position 2 is missing.' }],
    });
  });

  it('prints the head of the chain, and checks a log against it later', async () => {
    const { stdout: head } = await verify('--head');
    expect(head).toMatch(/^3:[0-9a-f]{64}\n$/);
    const { status, stdout } = await verify('--against', head.trim());
    expect(status).toBe(0);
    expect(stdout).toContain('\nThe chain of hashes vouches for positions 1 to 3.\n');
    const other = await verify('--against', `3:${'a'.repeat(64)}`);
    expect(other.status).toBe(1);
    expect(other.stdout).toContain('The hash at position 3 is another one than was noted');
  });

  it('lists what can not be read with the remedy, sets it aside, and says what is lost', async () => {
    const { stdout: head } = await verify('--head');
    change(`UPDATE events SET data = '{"symbol":"B' WHERE position = 2`);
    const before = await verify();
    expect(before.status).toBe(1);
    expect(before.stdout).toContain('\nerror: events: Position 2 (symbol.stopped): its data is not JSON.\n');
    expect(before.stdout).toMatch(/stop the market maker and set it aside: .* --quarantine\n/);

    const set = await verify('--quarantine', '--against', head.trim());
    expect({ status: set.status, stderr: set.stderr }).toEqual({ status: 0, stderr: '' });
    expect(set.stdout).toMatch(/^1 event was set aside\. Lost to/);
    expect(set.stdout).toContain('\nposition 2: symbol.stopped: its data is not JSON\n');
    expect(set.stdout).toContain('\nCompare positions and open orders with the venue before you start');
    expect(set.stdout).toContain(
      '\nwarning: quarantine: Position 2 (symbol.stopped) was set aside: its data is not JSON.',
    );
    expect(set.stdout).toMatch(/\ndata\/events\.db can be read: positions 1 to 3, 1 of them set aside\.\n$/);
    expect((await verify('--head')).stdout).toBe(head);

    const again = await verify('--quarantine');
    expect(again.status).toBe(0);
    expect(again.stdout).toMatch(/^Every event can be read: nothing was set aside\./);
    const { stdout: events } = await runTool('events', folder, []);
    expect(
      events
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { type: string }).type),
    ).toEqual(['symbol.stopped', 'event.quarantined', 'symbol.stopped']);
    expect((await runTool('replay', folder, [])).status).toBe(0);
  });

  it('sets nothing aside while a process writes to the log', async () => {
    change(`UPDATE events SET data = '{' WHERE position = 2`);
    const log = await openSqliteEventLog({ path: join(folder, 'data/events.db') });
    const { status, stderr } = await verify('--quarantine');
    await log.close();
    expect(status).toBe(1);
    expect(stderr).toMatch(/is being written by process \d+\. Stop that one first/);
  });

  it.each([
    [['--quarantine', '--head'], 2, 'Give --quarantine or --head, not both'],
    [['--quarantine', '--log', 'none.db'], 1, 'none.db. Check the path'],
    [['--against', '3'], 2, '--against needs POSITION:HASH'],
    [['--log', 'none.db'], 1, 'none.db. Check the path'],
    [['--log', 'postgres://x@127.0.0.1:1/y'], 1, "the server can't be reached"],
    [['--log', 'postgres://x@127.0.0.1:1/y', '--archive', 'a'], 2, '--archive is for a log in a file'],
    [['--schema', 's'], 2, '--schema is for a log in a database'],
    [['--jsn'], 2, "There is no option '--jsn'. Did you mean '--json'?"],
  ])('answers %j with status %d and a sentence', async (args, expected, sentence) => {
    const { status, stdout, stderr } = await verify(...args);
    expect(status).toBe(expected);
    expect(stdout + stderr).toContain(sentence);
  });
});
