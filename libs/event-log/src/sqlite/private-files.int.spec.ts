import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveAll } from '../testing/archiving';
import { stops } from '../testing/sample-events';
import { openSqliteEventLog } from './open-sqlite-event-log';

let folder: string;
let path: string;
const umask = process.umask();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-private-'));
  path = join(folder, 'new', 'data', 'events.db');
});

afterEach(async () => {
  process.umask(umask);
  await rm(folder, { recursive: true, force: true });
});

const modeOf = async (of: string): Promise<string> => ((await stat(of)).mode & 0o777).toString(8);

/** The permissions of all that is in a folder, by name. */
async function modesIn(of: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(of);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await modeOf(join(of, name))])),
  );
}

describe("a log's files", () => {
  it.each(['000', '022', '077'])('are for their user alone, with a umask of %s', async (mask) => {
    process.umask(mask);
    const log = await openSqliteEventLog({ path });
    await log.append(stops(600));
    const data = join(folder, 'new', 'data');
    expect(await modesIn(data)).toEqual({
      'events.db': '600',
      'events.db-wal': '600',
      'events.db-shm': '600',
      'events.db.lock': '600',
    });
    await log.close();
    await archiveAll(path);
    expect(await modesIn(data)).toMatchObject({ 'events.db': '600', 'events.db.archive': '700' });
    expect(new Set(Object.values(await modesIn(`${path}.archive`)))).toEqual(new Set(['600']));
    expect(await modesIn(folder)).toEqual({ new: '700' });
    expect(await modesIn(join(folder, 'new'))).toEqual({ data: '700' });
  });

  it('keep the permissions that somebody gave them', async () => {
    await (await openSqliteEventLog({ path })).close();
    await chmod(path, 0o640);
    const log = await openSqliteEventLog({ path });
    await log.append(stops(1));
    expect([await modeOf(path), await modeOf(`${path}-wal`)]).toEqual(['640', '640']);
    await log.close();
  });
});
