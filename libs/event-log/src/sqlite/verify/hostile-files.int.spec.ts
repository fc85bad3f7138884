import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { filledLog, segmentFilesOf } from '../../testing/archived-log';
import { archiveAll } from '../../testing/archiving';
import { readAll } from '../../testing/sample-events';
import { type SegmentIndex, encodeIndex, pack, sha256 } from '../archive/segment';
import { openSqliteEventLog } from '../open-sqlite-event-log';
import { backupSqliteLog } from '../backup/backup-sqlite-log';
import { verifySqliteLog } from './verify-sqlite-log';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-hostile-'));
  path = join(folder, 'events.db');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function change(sql: string): void {
  const database = new DatabaseSync(path, { defensive: false }); // as whoever has the file can
  database.exec(sql);
  database.close();
}

/** Gives what is no table or index another spelling of its type. */
const byHand = (type: string): string =>
  `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET type = '${type}' WHERE type NOT IN ('table', 'index')`;

const errors = async (): Promise<readonly string[]> =>
  (await verifySqliteLog(path)).checks.flatMap(({ findings }) =>
    findings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
  );

const reading = async (readOnly: boolean): Promise<void> => {
  const log = await openSqliteEventLog({ path, readOnly });
  await readAll(log).finally(() => log.close());
};

describe('a log whose schema somebody has changed', () => {
  it.each([
    ['trigger t', 'CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM events; END'],
    ['view v', 'CREATE VIEW v AS SELECT randomblob(1000000000)'],
    ['view snapshots', 'DROP TABLE snapshots; CREATE VIEW snapshots AS SELECT 1'],
    ['table f', 'CREATE VIRTUAL TABLE f USING fts5(x)'],
    [
      'TRIGGER t',
      `CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM events; END; ${byHand('TRIGGER')}`,
    ],
    ['View v', `CREATE VIEW v AS SELECT 1; ${byHand('View')}`],
    [
      'table g',
      `CREATE VIRTUAL TABLE g USING fts5(x); PRAGMA writable_schema = ON;
       UPDATE sqlite_schema SET sql = replace(sql, 'CREATE VIRTUAL', 'create  virtual') WHERE name = 'g'`,
    ],
  ])('is refused by whoever opens it: %s', async (what, sql) => {
    await filledLog(path, 10);
    change(sql);
    const message = expect.stringContaining(`has the ${what}, which no release makes`);
    for (const readOnly of [true, false])
      await expect(reading(readOnly)).rejects.toMatchObject({ code: 'LOG_UNREADABLE', message });
    expect(await errors()).toEqual([message]);
  });
});

describe('a file that is no log of ours', () => {
  it.each(['CREATE TABLE cats (name TEXT)', 'CREATE TABLE meta (key TEXT, value TEXT)'])(
    'is refused with a sentence, and not changed: %s',
    async (sql) => {
      change(sql);
      const before = await readFile(path);
      for (const readOnly of [true, false])
        await expect(reading(readOnly)).rejects.toMatchObject({
          code: 'LOG_UNREADABLE',
          message: expect.stringMatching(/is an SQLite database and no event log: .*Name another file\.$/),
        });
      expect(before.equals(await readFile(path))).toBe(true);
    },
  );
});

describe('an archive that somebody has written', () => {
  let file: string;

  beforeEach(async () => {
    await filledLog(path, 2_500);
    await archiveAll(path);
    [file = ''] = await segmentFilesOf(path);
  });

  /** Puts a segment in the place of the first one, with checksums that fit. */
  async function segmentOf(lines: string, change: Partial<SegmentIndex> = {}): Promise<void> {
    const frame = await pack(lines);
    const block = {
      first: 1,
      last: 2_000,
      offset: 0,
      length: frame.length,
      sha256: sha256(frame),
      types: [],
    };
    const index = { format: 1, first: 1, last: 2_000, blocks: [block], ...change } as const;
    await writeFile(file, Buffer.concat([frame, encodeIndex(index)]));
  }

  const isRefused = async (why = ''): Promise<void> => {
    expect(await errors()).toEqual(
      expect.arrayContaining([expect.stringContaining(`The archive segment ${file} can't be read: ${why}`)]),
    );
    await expect(reading(true)).rejects.toMatchObject({ code: 'LOG_UNREADABLE' });
  };

  it('is not unpacked beyond what a segment can hold', async () => {
    await segmentOf(' '.repeat(65 * 1024 * 1024));
    expect(await errors()).toEqual(
      expect.arrayContaining([expect.stringContaining('positions 1 to 2000 are damaged')]),
    );
    await expect(reading(true)).rejects.toMatchObject({ code: 'LOG_UNREADABLE' });
  });

  it.each([
    ['no events', '{"position":"1"}\n', {}],
    ['other positions', '', {}],
    ['an index without blocks', '', { blocks: [] }],
    [
      'a block beyond the file',
      '',
      { blocks: [{ first: 1, last: 2_000, offset: 0, length: 2e8, sha256: '', types: [] }] },
    ],
    [
      'a block without end',
      '',
      { blocks: [{ first: 1, last: 1e15, offset: 0, length: 1, sha256: '', types: [] }] },
    ],
  ])('is refused as damaged when it holds %s', async (_, lines, index) => {
    await segmentOf(lines, index);
    await isRefused();
  });

  it.each(['null', '[', '7', '{}'])('is refused as damaged when its index is %s', async (json) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(json.length);
    const digest = Buffer.from(sha256(Buffer.from(json)), 'hex');
    await writeFile(file, Buffer.concat([Buffer.from(json), digest, length, Buffer.from('OSQTSEG1')]));
    await isRefused('its index is damaged');
  });

  it('is not read at all when its index names the same bytes over and over', async () => {
    const blocks = Array.from({ length: 51 }, (_, index) => {
      const [first, last] = [index * 40 + 1, index * 40 + 40];
      return { first, last, offset: 0, length: 1, sha256: '', types: [] };
    });
    await segmentOf('', { last: 51 * 40, blocks });
    await isRefused('its index is damaged');
  });

  it('is not waited for when it is a pipe', async () => {
    await rename(file, `${file}.away`);
    expect(spawnSync('mkfifo', [file]).status).toBe(0);
    await expect(reading(true)).rejects.toMatchObject({
      message: expect.stringContaining('it is no regular file'),
    });
    expect((await errors()).join()).toContain('it is no regular file');
  });

  it('is not read from, or copied, where the log names another file', async () => {
    change("UPDATE segments SET path = '/etc/passwd'");
    const message = expect.stringContaining('names "/etc/passwd" as its archive of positions 1 to 2499');
    expect(await errors()).toEqual([message]);
    await expect(reading(true)).rejects.toMatchObject({ message });
    await expect(backupSqliteLog(path, join(folder, 'copy.db'))).rejects.toMatchObject({ message });
  });
});
