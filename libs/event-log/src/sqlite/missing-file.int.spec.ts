import { copyFile, mkdtemp, rename, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@opensqt/trading-events/testing';
import type { EventLog } from '../event-log';
import { identityOf } from '../engine/identity';
import { readAll, stops } from '../testing/sample-events';
import { openSqliteEventLog } from './open-sqlite-event-log';
import { WriterThread } from './writer/writer-thread-handle';

let folder: string;
let path: string;
let log: EventLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-gone-'));
  path = join(folder, 'events.db');
  log = await openSqliteEventLog({ path });
  await log.append(stops(3));
});

afterEach(async () => {
  await log.close().catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
});

const replaceFile = async (): Promise<void> => {
  await copyFile(path, `${path}.copy`);
  await rename(`${path}.copy`, path);
};

describe('a log that is open', () => {
  it.each([
    ['file was deleted', () => rm(path), /events\.db was deleted or moved while it was open/],
    ['file was replaced', replaceFile, /events\.db was replaced while it was open/],
    ['file was emptied', () => truncate(path), /events\.db was emptied while it was open/],
    ['write-ahead log was deleted', () => rm(`${path}-wal`), /events\.db-wal was deleted or moved/],
  ])('says so once its %s, also while nothing is recorded', async (_, change, message) => {
    expect(log.status().failure).toBeUndefined();
    await change();
    await eventually(() => expect(log.status().failure).toBeDefined());
    expect(log.status().failure).toMatchObject({
      code: 'LOG_FILE_GONE',
      message: expect.stringMatching(message),
    });
    expect(log.status().storage?.failure).toBeUndefined();
  });

  it('acknowledges nothing while its file has gone, and everything once it is back', async () => {
    await rename(path, `${path}.moved`);
    let acknowledged = false;
    const appended = log.append(stops(2, 'LATER')).then(() => (acknowledged = true));
    await expect(log.flush()).rejects.toMatchObject({
      code: 'LOG_WRITE_FAILED',
      message: expect.stringMatching(/was deleted or moved .* 2 events are waiting/),
    });
    expect(acknowledged).toBe(false);
    await rename(`${path}.moved`, path);
    await appended;
    await eventually(() => expect(log.status().failure).toBeUndefined());
    expect(await readAll(log)).toHaveLength(5);
  });

  it('counts what is lost when it is closed without its file', async () => {
    await rm(path);
    const appended = expect(log.append(stops(2))).rejects.toMatchObject({ code: 'LOG_WRITE_FAILED' });
    await expect(log.close()).rejects.toMatchObject({
      message: expect.stringMatching(/was closed with 2 events that are lost\. .*was deleted or moved/),
    });
    await appended;
  });
});

describe('a writer thread that is started again', () => {
  it('makes no new log in place of one that is gone', async () => {
    await log.close();
    const thread = await WriterThread.start({ path, identity: identityOf({}) });
    await thread['worker']?.terminate();
    await rm(path);
    const snapshot = { projection: 'metrics', version: 1, position: 0, state: '{}', checksum: 'abc' };
    await expect(thread.saveSnapshot(snapshot)).rejects.toMatchObject({ code: 'LOG_FILE_GONE' });
    await thread.end();
  });
});
