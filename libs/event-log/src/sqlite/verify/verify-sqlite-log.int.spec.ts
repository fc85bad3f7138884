import { copyFile, cp, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { snapshotChecksum } from '../../engine/snapshot-checksum';
import { openSqliteEventLog } from '../open-sqlite-event-log';
import { archiveAll } from '../../testing/archiving';
import { readAll, stops } from '../../testing/sample-events';
import type { VerifyCheck, VerifyReport } from '../../engine/verify/verify-report';
import { verifySqliteLog } from './verify-sqlite-log';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-verify-'));
  path = join(folder, 'events.db');
  const log = await openSqliteEventLog({ path });
  for (let i = 0; i < 3; i++) await log.append(stops(1_500, `SYM${i}-`), { consumer: 'alerts', position: i });
  const snapshot = { projection: 'metrics', version: 1, position: 3_000, state: '{}' };
  await log.saveSnapshot({ ...snapshot, checksum: snapshotChecksum(snapshot) });
  await log.close();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** The messages by check, as far as there are any. */
function found({ checks }: VerifyReport): Partial<Record<VerifyCheck, readonly string[]>> {
  return Object.fromEntries(
    checks
      .filter((check) => check.found > 0)
      .map(({ check, findings }) => [
        check,
        findings.map(({ severity, message }) => `${severity}: ${message}`),
      ]),
  );
}

function change(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  await writeFile(file, bytes);
}

/** Reads the log from its beginning, as a market maker does when it starts, and returns the error. */
async function readingFails(): Promise<unknown> {
  try {
    const log = await openSqliteEventLog({ path });
    try {
      await readAll(log);
      return undefined;
    } finally {
      await log.close();
    }
  } catch (error) {
    return error;
  }
}

describe('a log that is what it was written to be', () => {
  it.each([false, true])('is intact (archived: %s), and how much was looked at is said', async (archived) => {
    if (archived) await archiveAll(path);
    let progress: readonly number[] = [];
    const report = await verifySqliteLog(path, { onProgress: (...at) => (progress = at) });
    expect(found(report)).toEqual({});
    expect(report).toMatchObject({ ok: true, position: 4_500 });
    expect(report.checks.find(({ check }) => check === 'events')?.looked).toBe('4500 events');
    expect(progress).toEqual([4_500, 4_500]);
  });

  it('is intact beside the one who writes it', async () => {
    const log = await openSqliteEventLog({ path });
    await log.append(stops(10));
    expect(await verifySqliteLog(path)).toMatchObject({ ok: true, position: 4_510 });
    await log.close();
  });

  it('is changed by nothing that is looked at', async () => {
    const before = await readFile(path);
    await verifySqliteLog(path);
    expect(before.equals(await readFile(path))).toBe(true);
  });
});

describe('a damaged file', () => {
  it('shows a page whose first byte was flipped', async () => {
    const inPage = (await readFile(path)).indexOf('{"symbol":"SYM1-700"');
    await flip(path, inPage - (inPage % 4_096));
    const report = await verifySqliteLog(path);
    expect(report.ok).toBe(false);
    expect(found(report).pages?.join()).toMatch(/error: .*(btreeInitPage|malformed)/);
    expect(await readingFails()).toMatchObject({
      code: 'LOG_UNREADABLE',
      message: expect.stringContaining('could not be read: it is damaged'),
    });
  });

  it('shows an event of which a byte was flipped, by its position', async () => {
    await flip(path, (await readFile(path)).indexOf('{"symbol":"SYM1-700"'));
    const report = await verifySqliteLog(path);
    expect(found(report)).toEqual({
      events: ['error: Position 2200 (symbol.stopped): its data is not JSON.'],
      commits: [expect.stringContaining('An event at the positions 1501 to 3000 was changed')],
    });
    expect(await readingFails()).toMatchObject({
      code: 'LOG_UNREADABLE',
      message: expect.stringContaining('the event at position 2200 is broken'),
    });
  });

  it('shows a file that was cut short', async () => {
    await truncate(path, Math.floor((await stat(path)).size / 8_192) * 4_096);
    const report = await verifySqliteLog(path);
    expect(report.ok).toBe(false);
    expect(JSON.stringify(report.checks)).toMatch(/malformed|damaged/);
    expect(await readingFails()).toMatchObject({ code: 'LOG_UNREADABLE' });
  });

  it('says that there is none, or that it is none', async () => {
    expect(found(await verifySqliteLog(join(folder, 'none.db'))).file).toEqual([
      expect.stringContaining('error: There is no event log at'),
    ]);
    await writeFile(path, 'position,id\n'.repeat(1_000));
    expect(found(await verifySqliteLog(path)).file).toEqual([
      expect.stringContaining('damaged or no event log'),
    ]);
  });
});

describe('the checksums of commits', () => {
  const TWO = {
    commits: [expect.stringMatching(/^error: An event at the positions 1501 to 3000 was changed/)],
  };

  it('say how much they cover', async () => {
    const report = await verifySqliteLog(path);
    expect(report.checks.at(-1)).toMatchObject({
      check: 'commits',
      looked: '3 commits, positions 1 to 4500',
      found: 0,
    });
  });

  it.each([false, true])(
    'show an event that was changed into another valid one (archived later: %s), by its commit',
    async (archived) => {
      change("UPDATE events SET data = replace(data, 'SYM1-700', 'SYM1-7OO') WHERE position = 2200");
      if (archived) await archiveAll(path);
      const report = await verifySqliteLog(path);
      expect(report.ok).toBe(false);
      expect(found(report)).toEqual(TWO);
    },
  );

  it.each([
    ['its id', "id = 'another'"],
    ['its time', 'occurred_at = occurred_at + 1'],
    ['the time of its commit', 'committed_at = committed_at + 1'],
    ['its causation', "causation_id = 'c'"],
    ['its writer', "writer = 'another'"],
    ['the lack of a bot and a writer', 'bot = NULL, writer = NULL'],
  ])('show an event of which %s was changed', async (_, set) => {
    change(`UPDATE events SET ${set} WHERE position = 2200`);
    expect(found(await verifySqliteLog(path))).toEqual(TWO);
  });

  it('show where a checksum was removed', async () => {
    change('DELETE FROM commits WHERE first = 1501');
    expect(found(await verifySqliteLog(path)).commits).toEqual([
      expect.stringMatching(/^error: Positions 1501 to 3000 are of no commit that has a checksum/),
      expect.stringMatching(/^error: The chain is broken at position 1501/),
    ]);
  });

  it('show an event that was put in behind the last one', async () => {
    change(
      "INSERT INTO events SELECT 4501, 'new', type, version, source, occurred_at, NULL, data, 1, bot, writer FROM events LIMIT 1",
    );
    expect(found(await verifySqliteLog(path))).toEqual({
      commits: [expect.stringMatching(/^error: Positions 4501 to 4501 are of no commit/)],
    });
  });
});

describe('a write-ahead log after a crash', () => {
  beforeEach(async () => {
    const log = await openSqliteEventLog({ path });
    for (let i = 0; i < 20; i++) await log.append(stops(10, `WAL${i}-`));
    for (const end of ['', '-wal']) await copyFile(`${path}${end}`, join(folder, `crashed.db${end}`));
    await log.close();
    path = join(folder, 'crashed.db');
  });

  it('is whole when nothing happened to it', async () => {
    const report = await verifySqliteLog(path);
    expect(report).toMatchObject({ ok: true, position: 4_700 });
    expect(found(report)).toEqual({});
    expect(report.checks[1]?.looked).toMatch(/^\d+ frames, 20 commits$/);
  });

  it('shows that it was cut in a transaction, and the log goes on from the last whole one', async () => {
    await truncate(`${path}-wal`, (await stat(`${path}-wal`)).size - 1_000);
    const report = await verifySqliteLog(path);
    expect(report).toMatchObject({ ok: true, position: 4_690 });
    expect(found(report)).toEqual({
      'write-ahead log': [
        expect.stringContaining('warning: ' + `${path}-wal ends in the middle of a transaction`),
      ],
    });
    const log = await openSqliteEventLog({ path });
    await log.append(stops(1));
    expect(log.status().position).toBe(4_691);
    await log.close();
  });

  it('shows a flipped byte, of which SQLite says nothing, and how many commits are lost', async () => {
    const frame = 24 + 4_096;
    await flip(`${path}-wal`, 32 + 12 * frame + 2_000);
    const report = await verifySqliteLog(path);
    expect(report.ok).toBe(false);
    expect(found(report)['write-ahead log']).toEqual([
      expect.stringMatching(/error: .*-wal is damaged in frame 13: \d+ commits from there on are ignored/),
    ]);
    expect(report.position).toBeLessThan(4_700);
  });

  it('shows one without a header', async () => {
    await flip(`${path}-wal`, 0);
    expect(found(await verifySqliteLog(path))['write-ahead log']).toEqual([
      expect.stringContaining('has no header and is ignored'),
    ]);
  });
});

describe('what the log says', () => {
  it.each([
    ['DELETE FROM events WHERE position = 7', { positions: ['error: Position 7 is missing.'] }],
    [
      'DELETE FROM events WHERE position BETWEEN 7 AND 9 OR position = 1',
      { positions: ['error: Position 1 is missing.', 'error: Positions 7 to 9 are missing.'] },
    ],
    [
      `UPDATE events SET data = '{"symbol":"A"}' WHERE position = 5`,
      {
        events: ['error: Position 5 (symbol.stopped): data.reason is missing; it must be text.'],
        commits: [expect.stringContaining('error: An event at the positions 1 to 1500 was changed')],
      },
    ],
    [
      `UPDATE events SET data = '{"symbol":' WHERE position = 5`,
      {
        events: ['error: Position 5 (symbol.stopped): its data is not JSON.'],
        commits: [expect.any(String)],
      },
    ],
    [
      'UPDATE events SET version = 7 WHERE position = 5',
      {
        events: [expect.stringContaining('error: Position 5 (symbol.stopped): it is version 7')],
        commits: [expect.any(String)],
      },
    ],
    [
      "UPDATE events SET bot = 'mm-9' WHERE position = 5",
      {
        bots: ["error: Position 5 is of the bot 'mm-9', which has never opened this log."],
        commits: [expect.any(String)],
      },
    ],
    [
      'UPDATE checkpoints SET position = 4501',
      {
        checkpoints: [
          'error: Consumer alerts has dealt with position 4501, and the log ends at 4500: events are lost, and it would pass over new ones.',
        ],
      },
    ],
    [
      `UPDATE snapshots SET state = '{"fills":7}'`,
      { snapshots: [expect.stringContaining('metrics at position 3000 is damaged: its checksum is wrong')] },
    ],
    [
      'DELETE FROM events WHERE position > 2000',
      {
        snapshots: [expect.stringContaining("is beyond the log's end, 2000")],
        commits: [
          'error: The log ends at position 2000, and a commit of positions 1501 to 3000 is recorded: events are lost.',
          'error: The log ends at position 2000, and a commit of positions 3001 to 4500 is recorded: events are lost.',
        ],
      },
    ],
  ])('is checked: %s', async (sql, expected) => {
    change(sql);
    const report = await verifySqliteLog(path);
    expect(report.ok).toBe(false);
    expect(found(report)).toEqual(expected);
  });

  it('shows an id that is there twice', async () => {
    change(`CREATE TABLE copy AS SELECT * FROM events; DROP TABLE events; ALTER TABLE copy RENAME TO events;
            UPDATE events SET id = (SELECT id FROM events WHERE position = 3) WHERE position = 8;`);
    expect(found(await verifySqliteLog(path)).ids).toEqual([
      expect.stringMatching(/error: Id .* is in the log 2 times\./),
    ]);
  });

  it('shows the first of many and how many there are', async () => {
    change(`UPDATE events SET data = '{}'`);
    const events = (await verifySqliteLog(path)).checks.find(({ check }) => check === 'events');
    expect(events).toMatchObject({ found: 4_500 });
    expect(events?.findings).toHaveLength(20);
  });
});

describe('an archive', () => {
  let segment: string;

  beforeEach(async () => {
    await archiveAll(path);
    const [name = ''] = await readdir(`${path}.archive`);
    segment = join(`${path}.archive`, name);
  });

  it('shows a flipped byte, and which positions it damaged', async () => {
    await flip(segment, 50);
    expect(found(await verifySqliteLog(path))).toEqual({
      archive: [
        `error: ${segment} is damaged: its SHA-256 is not the one that was recorded.`,
        expect.stringContaining('positions 1 to 2000 are damaged: their checksum is wrong'),
      ],
    });
  });

  it('shows a segment that was cut short, and one that is missing', async () => {
    const { size } = await stat(segment);
    await truncate(segment, size - 10);
    expect(found(await verifySqliteLog(path)).archive).toEqual([
      `error: ${segment} has ${size - 10} bytes and was written with ${size}.`,
      expect.stringContaining('it is cut short or no segment'),
    ]);
    await rm(segment);
    expect(found(await verifySqliteLog(path)).archive).toEqual([expect.stringContaining('is missing')]);
  });

  it('is found where it was moved to', async () => {
    await cp(`${path}.archive`, join(folder, 'moved'), { recursive: true });
    await rm(`${path}.archive`, { recursive: true });
    expect((await verifySqliteLog(path)).ok).toBe(false);
    expect((await verifySqliteLog(path, { archivePath: join(folder, 'moved') })).ok).toBe(true);
  });

  it('shows a hole between it and the log, and an id that both hold', async () => {
    change('UPDATE events SET position = 4503');
    expect(found(await verifySqliteLog(path)).positions).toEqual([
      'error: Positions 4500 to 4502 are missing.',
    ]);
    const reader = await openSqliteEventLog({ path, readOnly: true });
    const [first] = await readAll(reader, { to: 1 });
    await reader.close();
    change(`UPDATE events SET position = 4500, id = '${first?.event.id}'`);
    expect(found(await verifySqliteLog(path)).ids).toEqual([
      `error: The event at position 4500 repeats id ${first?.event.id}, which is archived already.`,
    ]);
  });

  it('shows an archived id that is no longer known', async () => {
    change('DELETE FROM archived_ids WHERE id = (SELECT min(id) FROM archived_ids)');
    expect(found(await verifySqliteLog(path)).ids).toEqual([
      expect.stringMatching(/has the unknown id/),
      'error: 4498 ids of archived events are known, and 4499 archived events can be read.',
    ]);
  });

  it('shows segments that the log does not know: left by a crash, or newer than the log', async () => {
    await copyFile(segment, join(`${path}.archive`, 'events-0000000000000001-0000000000000009.jsonl.zst'));
    await copyFile(segment, join(`${path}.archive`, 'events-0000000000004500-0000000000009000.jsonl.zst'));
    const report = await verifySqliteLog(path);
    expect(report.ok).toBe(false);
    expect(found(report).archive?.toSorted()).toEqual([
      expect.stringMatching(/^error: .*goes on to position 9000 and the log ends at 4500/),
      expect.stringMatching(/^warning: .*is not recorded in the log/),
    ]);
  });

  it('is intact half way through, when a crash left rows that are archived in the log', async () => {
    const log = await openSqliteEventLog({ path });
    await log.append(stops(3_000, 'LATER'));
    await log.close();
    await archiveAll(path, (step) => {
      if (step === 'dropped') throw new Error('crash');
    }).catch(() => undefined);
    expect(found(await verifySqliteLog(path))).toEqual({});
  });
});
