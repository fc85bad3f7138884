import { spawnSync } from 'node:child_process';
import { link, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readAll, stops } from '../testing/sample-events';
import { runSource, sourceArguments } from '../testing/source-process';
import { mountPoints, prepareToWrite } from './log-path';
import { openSqliteEventLog } from './open-sqlite-event-log';

const SCRIPT = join(__dirname, '../testing/orderly-process.ts');
let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'opensqt-path-')));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a log whose file alone is mounted', () => {
  const mounted = (point: string): string =>
    `21 26 0:20 / /proc rw,relatime - proc proc rw\n22 26 8:1 /host/events.db ${point} rw - ext4 /dev/sda1 rw\n`;

  it('is refused with the folder to mount, also on the same file system', async () => {
    const data = join(folder, 'my data');
    const path = join(data, 'events.db');
    await mkdir(data);
    await writeFile(path, '');
    const mounts = join(folder, 'mountinfo');
    await writeFile(mounts, mounted(path.replace(' ', '\\040')));
    expect(mountPoints(mounts)).toContain(path);
    expect(() => prepareToWrite(path, mounts)).toThrow(`The event log ${path} is mounted as a single file`);
    expect(() => prepareToWrite(path, mounts)).toThrow(`Mount its folder as ${data} instead of the file.`);
  });

  it('is accepted when its folder is mounted, and where mounts are not listed', async () => {
    const path = join(folder, 'events.db');
    await writeFile(path, '');
    const mounts = join(folder, 'mountinfo');
    await writeFile(mounts, mounted(folder));
    expect(() => prepareToWrite(path, mounts)).not.toThrow();
    expect(() => prepareToWrite(path, join(folder, 'no-such-file'))).not.toThrow();
  });

  it('is left without other files in a container', async () => {
    const inside = join(folder, 'inside');
    await mkdir(inside);
    await writeFile(join(folder, 'host.db'), '');
    await writeFile(join(inside, 'events.db'), '');
    const mount = `mount --bind ${folder}/host.db ${inside}/events.db`;
    if (isolated(mount).status !== 0) return; // this user may make no namespaces
    const open = [process.execPath, ...sourceArguments(SCRIPT, [join(inside, 'events.db')])];
    const { stderr } = isolated(`${mount} && exec "$@"`, open);
    expect(stderr).toMatch(
      /is mounted as a single file.* Mount its folder as .*\/inside instead of the file\./,
    );
    expect(await readdir(inside)).toEqual(['events.db']);
  });

  function isolated(script: string, args: readonly string[] = []) {
    return spawnSync('unshare', ['-Urm', 'sh', '-c', script, 'sh', ...args], { encoding: 'utf8' });
  }
});

describe('a log that is named by a folder', () => {
  it.each([true, false])('is refused with a name to give it, read only: %s', async (readOnly) => {
    const folders = join(folder, 'data');
    await mkdir(join(folders, 'below'), { recursive: true });
    await expect(openSqliteEventLog({ path: folders, readOnly })).rejects.toMatchObject({
      code: 'LOG_UNREADABLE',
      message: `${folders} is a folder and no event log. Name a file in it, such as ${folders}/events.db.`,
    });
    expect(await readdir(folders)).toEqual(['below']);
  });
});

describe('a log that is opened by another name', () => {
  const linkTo = async (target: string, at: string): Promise<string> => {
    await symlink(target, at);
    return at;
  };

  it.each([
    ['a link to the file', (path: string) => linkTo(path, join(folder, 'other.db'))],
    ['a link to the folder', async () => join(await linkTo(folder, join(folder, 'elsewhere')), 'events.db')],
    [
      'a link to a link',
      async (path: string) => linkTo(await linkTo(path, join(folder, 'a')), join(folder, 'b')),
    ],
    [
      'another spelling',
      async (path: string) => path.replace('events.db', `../${basename(folder)}//./events.db`),
    ],
  ])('is refused while another process writes to it: %s', async (_, named) => {
    const path = join(folder, 'events.db');
    const log = await openSqliteEventLog({ path });
    const { status, stderr } = await runSource(SCRIPT, [await named(path)]);
    expect(status).not.toBe(0);
    expect(stderr).toContain(`The event log ${path} is being written by process ${process.pid}.`);
    await log.close();
  });

  it('is refused when that is a hard link, with what removes it', async () => {
    const path = join(folder, 'events.db');
    const log = await openSqliteEventLog({ path });
    const other = join(folder, 'other.db');
    await link(path, other);
    const { stderr } = await runSource(SCRIPT, [other]);
    expect(stderr).toMatch(/other\.db has 2 names \(hard links\).* Remove the other names/);
    expect(await readdir(folder)).not.toContain('other.db.lock');
    await rm(other);
    await log.close();
    await (await openSqliteEventLog({ path })).close();
  });

  it('is made, read and written where the links lead', async () => {
    const real = join(folder, 'volume', 'log.db');
    await mkdir(join(folder, 'volume'));
    const path = await linkTo('volume/log.db', join(folder, 'events.db'));
    const log = await openSqliteEventLog({ path });
    await log.append(stops(3));
    const reader = await openSqliteEventLog({ path, readOnly: true });
    expect(await readAll(reader)).toHaveLength(3);
    await reader.close();
    expect(await readdir(folder)).toEqual(['events.db', 'volume']);
    expect(await readdir(join(folder, 'volume'))).toEqual(expect.arrayContaining(['log.db', 'log.db.lock']));
    await log.close();
    const again = await openSqliteEventLog({ path: real });
    expect(again.status().position).toBe(3);
    await again.close();
  });

  it('is refused, and not looked for without end, when its links lead in a circle', async () => {
    const path = await linkTo(join(folder, 'b'), join(folder, 'a'));
    await linkTo(path, join(folder, 'b'));
    await expect(openSqliteEventLog({ path })).rejects.toMatchObject({ code: 'LOG_UNREADABLE' });
  });
});
