import { chmod, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { eventually } from '@opensqt/trading-events/testing';
import type { EventLog } from '../event-log';
import { StoredEventLog } from '../engine/stored-event-log';
import { positions, readAll, stops } from '../testing/sample-events';
import { groupCommits } from '../engine/group-commit';
import { identityOf } from '../engine/identity';
import { openForReading, openForWriting, sqliteModule } from './database';
import { openSqliteEventLog } from './open-sqlite-event-log';
import { SqliteStore, type StoreWriter } from './sqlite-store';
import { FileWriter } from './writer/file-writer';

const identity = identityOf({});
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-log-'));
  path = join(folder, 'events.db');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function writerInThisThread(database: DatabaseSync): StoreWriter {
  const writer = new FileWriter(database, { path, identity });
  return {
    restarts: 0,
    commit: (batch) => writer.commit(batch),
    saveSnapshot: (snapshot) => writer.saveSnapshot(snapshot),
    maintain: () => writer.maintain(),
    end: () => writer.close(),
  };
}

describe('durability settings', () => {
  it('are in force on the connection that writes', () => {
    const database = openForWriting(path, identity.bot);
    const setting = (name: string): unknown =>
      Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect(setting('journal_mode')).toBe('wal');
    expect(setting('synchronous')).toBe(2);
    expect(setting('busy_timeout')).toBe(250);
    database.close();
  });

  it('need a Node that has SQLite, and say which', () => {
    expect(() => sqliteModule(() => undefined)).toThrow(/needs Node 22\.15 or newer .*this is Node \d+\./);
  });
});

describe('a full disk', () => {
  /** A log whose file may not grow: SQLite answers SQLITE_FULL, as it does when the volume is full. */
  function openLimited(maxQueued?: number): { log: EventLog; limit: (pages: number) => void } {
    const database = openForWriting(path, identity.bot);
    const limit = (pages: number): void => database.exec(`PRAGMA max_page_count = ${pages}`);
    const store = new SqliteStore(openForReading(path), path, identity.bot, {
      writer: writerInThisThread(database),
    });
    return {
      log: new StoredEventLog(store, 0, { identity, writer: groupCommits(store, { maxQueued }) }),
      limit,
    };
  }

  it('keeps what is queued, says why, and goes on by itself when there is space', async () => {
    const { log, limit } = openLimited();
    await log.append(stops(10));
    limit(1);
    const pending = stops(30).map((_, i) => log.append(stops(100, `PENDING${i}-`)));
    await eventually(() => expect(log.status().failure).toBeDefined());
    const { failure, queueDepth, lagMs, position } = log.status();
    expect(failure).toMatchObject({ code: 'LOG_WRITE_FAILED' });
    expect(failure?.message).toContain(`The event log ${path} could not be written: the disk is full.`);
    expect(failure?.message).toContain(`Free some space on the volume of ${path}.`);
    expect({ queueDepth, position }).toEqual({ queueDepth: 3_000, position: 10 });
    expect(lagMs).toBeGreaterThan(0);
    await expect(log.flush()).rejects.toMatchObject({ code: 'LOG_WRITE_FAILED' });
    expect(await readAll(log)).toHaveLength(10);

    limit(1_000_000);
    await Promise.all(pending);
    expect(log.status()).toMatchObject({ position: 3_010, queueDepth: 0 });
    expect(log.status().failure).toBeUndefined();
    expect((await readAll(log)).map((record) => record.position)).toEqual(positions(3_010));
    await log.close();
  });

  it('refuses more events than may wait, and says that the disk is the reason', async () => {
    const { log, limit } = openLimited(2_000);
    await log.flush();
    limit(1);
    const pending = log.append(stops(2_000));
    await expect(log.flush()).rejects.toMatchObject({ code: 'LOG_WRITE_FAILED' });
    await expect(log.append(stops(1))).rejects.toMatchObject({
      code: 'LOG_FULL',
      message: expect.stringContaining('the disk is full'),
    });
    limit(1_000_000);
    await pending;
    await log.close();
  });

  it('is reported, with the number of lost events, when the log is closed meanwhile', async () => {
    const { log, limit } = openLimited();
    limit(1);
    const pending = expect(log.append(stops(2_000))).rejects.toMatchObject({ code: 'LOG_WRITE_FAILED' });
    await expect(log.close()).rejects.toMatchObject({
      code: 'LOG_WRITE_FAILED',
      message: expect.stringMatching(/was closed with 2000 events that are lost\. .*the disk is full/),
    });
    await pending;
  });
});

describe('a clock that steps back', () => {
  it('changes neither positions nor order; only the times of the commits tell of it', async () => {
    const database = openForWriting(path, identity.bot);
    let now = 1_700_000_000_000;
    const store = new SqliteStore(openForReading(path), path, identity.bot, {
      writer: writerInThisThread(database),
    });
    const writer = groupCommits(store, { clock: { now: () => now } });
    const log = new StoredEventLog(store, 0, { identity, writer });
    await log.append(stops(2));
    now -= 3_600_000;
    await log.append(stops(2));
    const records = await readAll(log);
    expect(records.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
    expect(records.map(({ committedAt }) => committedAt - 1_700_000_000_000)).toEqual([
      0, 0, -3_600_000, -3_600_000,
    ]);
    await log.close();
  });
});

describe('a file that is not what it should be', () => {
  it.each([{ readOnly: true }, { readOnly: false }])(
    'is refused when it is no database: %o',
    async ({ readOnly }) => {
      await writeFile(path, 'position,id,type\n'.repeat(500));
      await expect(openSqliteEventLog({ path, readOnly })).rejects.toMatchObject({
        code: 'LOG_UNREADABLE',
        message: expect.stringContaining(
          `The event log ${path} could not be opened: it is damaged or no event log`,
        ),
      });
    },
  );

  it.each([':memory:', 'file::memory:?cache=shared', 'file:events.db', ''])(
    'is refused when its path %j is that of no file, and the kind memory is named',
    async (at) => {
      for (const readOnly of [false, true]) {
        await expect(openSqliteEventLog({ path: at, readOnly })).rejects.toMatchObject({
          code: 'LOG_UNSUPPORTED',
          message: expect.stringContaining('use the kind memory (event_log.kind)'),
        });
      }
    },
  );

  it('is refused when it is another database', async () => {
    const database = new DatabaseSync(path);
    database.exec('CREATE TABLE customers (name TEXT)');
    database.close();
    await expect(openSqliteEventLog({ path })).rejects.toMatchObject({
      code: 'LOG_UNREADABLE',
      message: expect.stringContaining('is an SQLite database and no event log'),
    });
  });

  it('is refused when a newer release wrote it', async () => {
    await withFile((database) => database.exec("UPDATE meta SET value = '9'"));
    await expect(openSqliteEventLog({ path })).rejects.toMatchObject({
      code: 'LOG_UNSUPPORTED',
      message: expect.stringContaining('has schema version 9; this release knows'),
    });
  });

  it('is not made by a reader', async () => {
    await expect(openSqliteEventLog({ path, readOnly: true })).rejects.toMatchObject({
      code: 'LOG_UNREADABLE',
      message: expect.stringContaining(`There is no event log at ${path}.`),
    });
  });

  it('can be read up to a page that was overwritten, and says so there', async () => {
    const log = await openSqliteEventLog({ path });
    for (let i = 0; i < 5; i++) await log.append(stops(2_000));
    await log.close();
    const file = await open(path, 'r+');
    const third = Math.floor((await file.stat()).size / 3);
    await file.write(Buffer.alloc(65_536, 0xff), 0, 65_536, third);
    await file.close();
    const reader = await openSqliteEventLog({ path, readOnly: true });
    expect(await readAll(reader, { to: 100 })).toHaveLength(100);
    await expect(readAll(reader)).rejects.toMatchObject({
      code: 'LOG_UNREADABLE',
      message: expect.stringContaining('could not be read: it is damaged'),
    });
    await reader.close();
  });

  it.each([
    ['not JSON', '{"symbol":'],
    ['no object', '7'],
  ])('names the position of an event whose data is %s', async (_, data) => {
    await withFile((database) => database.prepare('UPDATE events SET data = ? WHERE position = 2').run(data));
    const log = await openSqliteEventLog({ path });
    await expect(readAll(log)).rejects.toMatchObject({
      code: 'LOG_UNREADABLE',
      message: expect.stringContaining('the event at position 2 is broken'),
    });
    expect(await readAll(log, { from: 3 })).toHaveLength(1);
    await log.close();
  });

  it('is refused with a reason when this user may not write to it', async () => {
    await withFile(() => undefined);
    await chmod(path, 0o444);
    await chmod(`${path}.lock`, 0o444);
    await chmod(folder, 0o555);
    const asUser = process.getuid?.() === 0 ? 65_534 : undefined; // to root nothing is read-only
    if (asUser !== undefined) process.seteuid?.(asUser);
    const opening = openSqliteEventLog({ path });
    const failure = await opening.catch((error: unknown) => error);
    if (asUser !== undefined) process.seteuid?.(0);
    await chmod(folder, 0o755);
    expect(failure).toMatchObject({
      code: 'LOG_UNREADABLE',
      message: expect.stringContaining('the file or its folder is read-only'),
    });
  });

  async function withFile(change: (database: DatabaseSync) => void): Promise<void> {
    const log = await openSqliteEventLog({ path });
    await log.append(stops(3));
    await log.close();
    const database = new DatabaseSync(path);
    change(database);
    database.close();
  }
});
