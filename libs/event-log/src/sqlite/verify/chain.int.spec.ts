import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CHAIN_START, CommitChecksum, chained } from '../../engine/commit-checksum';
import type { EventRow } from '../../engine/event-codec';
import { archiveAll } from '../../testing/archiving';
import { stops } from '../../testing/sample-events';
import { openSqliteEventLog } from '../open-sqlite-event-log';
import { headOfSqliteLog } from './chain-head';
import type { ChainPoint } from '../../engine/verify/verify-report';
import { verifySqliteLog } from './verify-sqlite-log';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-chain-'));
  path = join(folder, 'events.db');
  const log = await openSqliteEventLog({ path });
  for (let i = 0; i < 3; i++) await log.append(stops(1_500, `SYM${i}-`));
  await log.close();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function change(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

describe('the chain of commits', () => {
  const commitMessages = async (against?: ChainPoint): Promise<readonly string[]> => {
    const { checks } = await verifySqliteLog(path, { against });
    const commits = checks.find(({ check }) => check === 'commits');
    return (commits?.findings ?? []).map(({ message }) => message);
  };

  it.each([false, true])('vouches for all positions, archived or not (%s)', async (archived) => {
    const head = headOfSqliteLog(path);
    expect(head).toEqual({ position: 4_500, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    if (archived) await archiveAll(path);
    const report = await verifySqliteLog(path, { against: head });
    expect(report).toMatchObject({ ok: true, vouched: [{ first: 1, last: 4_500 }] });
  });

  it('vouches for what stands before and after an event that was changed', async () => {
    change(`UPDATE events SET data = replace(data, 'operator', 'nobody') WHERE position = 1600`);
    const { ok, vouched } = await verifySqliteLog(path);
    expect({ ok, vouched }).toEqual({
      ok: false,
      vouched: [
        { first: 1, last: 1_500 },
        { first: 3_001, last: 4_500 },
      ],
    });
  });

  it('shows commits that were removed with their events and closed up', async () => {
    change(`DELETE FROM commits WHERE first = 1501; DELETE FROM events WHERE position BETWEEN 1501 AND 3000`);
    expect(await commitMessages()).toEqual([
      expect.stringContaining('The chain is broken at position 1501: the commits of positions 1501 to 3000'),
    ]);
    change(`UPDATE commits SET first = 1501, last = 3000 WHERE first = 3001;
            UPDATE events SET position = position - 1500 WHERE position > 3000`);
    expect(await commitMessages()).toEqual([expect.stringContaining('at the positions 1501 to 3000')]);
  });

  it('shows a beginning that was taken out of what is checked', async () => {
    change(`DELETE FROM commits WHERE first = 1; UPDATE meta SET value = 1501 WHERE key = 'checksums_from'`);
    expect(await commitMessages()).toEqual(
      expect.arrayContaining([expect.stringContaining('at the positions 1501 to 3000')]),
    );
  });

  it('shows an event that was put in, with a commit of its own', async () => {
    change(`INSERT INTO events SELECT 4501, 'other', type, version, source, occurred_at, causation_id, data, committed_at, bot, writer
              FROM events WHERE position = 4500;
            INSERT INTO commits VALUES (4501, 4501, randomblob(32))`);
    expect(await commitMessages()).toEqual([expect.stringContaining('The event at position 4501')]);
  });

  it('fits a hash that was noted at any time before, and no other', async () => {
    const head = headOfSqliteLog(path);
    const log = await openSqliteEventLog({ path });
    await log.append(stops(10));
    await log.close();
    expect(headOfSqliteLog(path)).not.toEqual(head);
    expect(await commitMessages(head)).toEqual([]);
    expect(await commitMessages({ ...head, hash: '0'.repeat(64) })).toEqual([
      expect.stringContaining('The hash at position 4500 is another one than was noted'),
    ]);
    expect(await commitMessages({ ...head, position: 4_499 })).toEqual([
      expect.stringContaining('No commit ends at position 4499'),
    ]);
    expect(await commitMessages({ ...head, position: 9_999 })).toEqual([
      expect.stringContaining('The log ends at position 4510, before the position 9999'),
    ]);
  });

  it('shows by a noted hash that an event and all hashes after it were written anew', async () => {
    const head = headOfSqliteLog(path);
    change(`UPDATE events SET data = replace(data, 'operator', 'nobody') WHERE position = 1600`);
    const database = new DatabaseSync(path);
    const rows = database.prepare('SELECT * FROM events WHERE position BETWEEN ? AND ? ORDER BY position');
    let hash: Uint8Array = CHAIN_START;
    for (const [first, last] of [
      [1, 1_500],
      [1_501, 3_000],
      [3_001, 4_500],
    ] as const) {
      const checksum = new CommitChecksum();
      for (const row of rows.all(first, last)) checksum.add(row as unknown as EventRow);
      hash = chained(hash, checksum.digest());
      database.prepare('UPDATE commits SET sha256 = ? WHERE first = ?').run(hash, first);
    }
    database.close();
    expect(await commitMessages()).toEqual([]);
    expect(await commitMessages(head)).toEqual([expect.stringContaining('another one than was noted')]);
  });
});
