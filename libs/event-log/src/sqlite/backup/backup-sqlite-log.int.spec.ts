import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { filledLog, usingLog } from '../../testing/archived-log';
import { archiveAll } from '../../testing/archiving';
import { readAll, stops } from '../../testing/sample-events';
import { openSqliteEventLog } from '../open-sqlite-event-log';
import { headOfSqliteLog } from '../verify/chain-head';
import { verifySqliteLog } from '../verify/verify-sqlite-log';
import { backupSqliteLog } from './backup-sqlite-log';

let folder: string;
let path: string;
let copy: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-backup-'));
  path = join(folder, 'data', 'events.db');
  copy = join(folder, 'backup', 'events.db');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a backup', () => {
  it('that is made while the log is written is a state that it had, and is one file for its user alone', async () => {
    await filledLog(path, 6_000);
    const log = await openSqliteEventLog({ path });
    let running = true;
    const writing = (async () => {
      for (let i = 0; running; i++) await log.append(stops(20, `DURING${i}-`));
    })();
    const { position } = await backupSqliteLog(path, copy);
    const later = log.status().position;
    running = false;
    await writing;
    await log.close();
    expect(position).toBeGreaterThanOrEqual(6_000);
    expect(later).toBeGreaterThan(position);
    expect(await readdir(join(folder, 'backup'))).toEqual(['events.db']);
    expect((await stat(copy)).mode & 0o777).toBe(0o600);
    const [all, copied] = [await usingLog(path, readAll, true), await usingLog(copy, readAll, true)];
    expect(copied).toEqual(all.slice(0, position));
    expect(await verifySqliteLog(path, { against: headOfSqliteLog(copy) })).toMatchObject({ ok: true });
  });

  it('restores the log with its archive, which goes on from there', async () => {
    const before = await filledLog(path, 4_500);
    await archiveAll(path);
    await usingLog(path, (log) => log.append(stops(5, 'LIVE')));
    const lived = await usingLog(path, readAll, true);
    await backupSqliteLog(path, copy);
    await rm(join(folder, 'data'), { recursive: true });
    await mkdir(join(folder, 'data'));
    await rename(copy, path);
    await rename(`${copy}.archive`, `${path}.archive`);
    expect(await verifySqliteLog(path)).toMatchObject({ ok: true, position: 4_505 });
    await usingLog(path, (log) => log.append([...before.map(({ event }) => event), ...stops(1, 'NEXT')]));
    const restored = await usingLog(path, readAll, true);
    expect(restored).toHaveLength(4_506);
    expect(restored.slice(0, -1)).toEqual(lived);
  });

  it('takes the place of one that was cut short', async () => {
    await filledLog(path, 10);
    await mkdir(join(folder, 'backup', 'events.db.partial.archive'), { recursive: true });
    await writeFile(`${copy}.partial`, 'half');
    expect(await backupSqliteLog(path, copy)).toMatchObject({ ok: true, position: 10 });
    expect(await readdir(join(folder, 'backup'))).toEqual(['events.db']);
  });

  it('overwrites nothing', async () => {
    await filledLog(path, 10);
    await expect(backupSqliteLog(path, path)).rejects.toMatchObject({
      message: expect.stringContaining('is there already and is not overwritten'),
    });
  });

  it('of a damaged log is not kept, and says what is damaged', async () => {
    await filledLog(path, 10);
    const database = new DatabaseSync(path);
    database.exec('DELETE FROM events WHERE position = 3');
    database.close();
    await expect(backupSqliteLog(path, copy)).rejects.toMatchObject({
      code: 'LOG_UNREADABLE',
      message: expect.stringContaining('Position 3 is missing.'),
    });
    expect(await readdir(join(folder, 'backup'))).toEqual([]);
  });
});
