import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import type { EventLog } from '../../event-log';
import { groupCommits } from '../../engine/group-commit';
import { identityOf } from '../../engine/identity';
import { StoredEventLog } from '../../engine/stored-event-log';
import { positions, readAll, stops, symbolsOf } from '../../testing/sample-events';
import { runSource } from '../../testing/source-process';
import { openForReading } from '../database';
import { openSqliteEventLog } from '../open-sqlite-event-log';
import { SqliteStore } from '../sqlite-store';
import { WriterThread } from './writer-thread-handle';

const identity = identityOf({});
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-writer-'));
  path = join(folder, 'events.db');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A log with a handle on the thread that writes to it. */
async function openWithThread(): Promise<{ log: EventLog; kill: () => Promise<unknown> }> {
  const thread = await WriterThread.start({ path, identity });
  const store = new SqliteStore(openForReading(path), path, identity.bot, { writer: thread });
  const log = new StoredEventLog(store, store.lastPosition(), {
    identity,
    writer: groupCommits(store),
  });
  return { log, kill: async () => thread['worker']?.terminate() };
}

describe('a writer thread that dies', () => {
  it('is started again and given what it had not acknowledged: nothing is lost, repeated or out of order', async () => {
    const { log, kill } = await openWithThread();
    const seen: number[] = [];
    const subscription = log.subscribe(1, (records) => void seen.push(...records.map((r) => r.position)));
    const events = stops(30_000);
    const appends = events.map((event) => log.append([event]));
    await Promise.race(appends);
    await kill();
    await Promise.all(appends);
    await subscription.caughtUp();
    const records = await readAll(log);
    expect(records.map(({ event }) => event.id)).toEqual(events.map(({ id }) => id));
    expect(records.map(({ position }) => position)).toEqual(positions(30_000));
    expect(seen).toEqual(positions(30_000));
    await eventually(() => expect(log.status().failure).toBeUndefined());
    expect(log.status()).toMatchObject({ position: 30_000, queueDepth: 0, writerRestarts: 1 });
    await log.close();
  });

  it('is reported as a failure until it runs again', async () => {
    const { log, kill } = await openWithThread();
    const appended = log.append(stops(1));
    await new Promise((resolve) => setImmediate(resolve));
    await kill();
    await eventually(() => expect(log.status().failure).toBeDefined());
    expect(log.status().failure).toMatchObject({
      code: 'LOG_WRITE_FAILED',
      message: expect.stringMatching(/The thread that writes to .*events\.db has died .*is started again/),
    });
    await appended;
    expect(log.status().failure).toBeUndefined();
    await log.close();
  });

  it('fails a snapshot that was under way, which the caller can store again', async () => {
    const { log, kill } = await openWithThread();
    const snapshot = { projection: 'metrics', version: 1, position: 0, state: '{}', checksum: 'abc' };
    const saved = expect(log.saveSnapshot(snapshot)).rejects.toMatchObject({ code: 'LOG_WRITE_FAILED' });
    await kill();
    await saved;
    await log.saveSnapshot(snapshot);
    const [newest] = await log.snapshots('metrics'); // beside it the first one, if only the answer was lost
    expect(newest).toEqual(snapshot);
    await log.close();
  });

  it('loses nothing that was acknowledged when it can not be started again, and counts what is lost at the close', async () => {
    const { log, kill } = await openWithThread();
    await log.append(stops(3));
    await kill();
    const lost = expect(log.append(stops(2, 'LOST'))).rejects.toMatchObject({ code: 'LOG_WRITE_FAILED' });
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file where the folder was');
    await eventually(() => /was deleted or moved/.test(log.status().failure?.message ?? ''));
    await expect(log.close()).rejects.toMatchObject({
      code: 'LOG_WRITE_FAILED',
      message: expect.stringContaining('was closed with 2 events that are lost'),
    });
    await lost;
  });
});

describe('a turn of the event loop', () => {
  it('is sent whole, its appends in the order of the calls, each with its checkpoint', async () => {
    const log = await openSqliteEventLog({ path });
    const appends = [
      log.append(stops(2, 'FIRST'), { consumer: 'alerts', position: 2 }),
      log.saveCheckpoint({ consumer: 'others', position: 7 }),
      log.append(stops(3, 'SECOND'), { consumer: 'alerts', position: 5 }),
    ];
    await Promise.all(appends);
    const symbols = symbolsOf(await readAll(log));
    expect(symbols).toEqual(['FIRST1', 'FIRST2', 'SECOND1', 'SECOND2', 'SECOND3']);
    expect(await Promise.all(['alerts', 'others'].map((name) => log.checkpoint(name)))).toEqual([5, 7]);
    await log.close();
  });

  it('may append more than fits into one transaction, in one event or in one call', async () => {
    const log = await openSqliteEventLog({ path });
    const text = 'x'.repeat(9 * 1024 * 1024);
    const large = createEvent('symbol.stopped', { symbol: 'LARGE', reason: text });
    const calls = [log.append(stops(1)), log.append([large]), log.append(stops(60_000, 'MANY'))];
    await Promise.all(calls);
    const records = await readAll(log);
    expect(records).toHaveLength(60_002);
    expect(records[1]?.event).toEqual(large);
    expect(symbolsOf(records.slice(2)).at(-1)).toBe('MANY60000');
    await log.close();
  });

  it('is on disk while the thread that appended it is busy', async () => {
    const log = await openSqliteEventLog({ path });
    const appended = log.append(stops(10));
    await new Promise((resolve) => setImmediate(resolve));
    const reader = new SqliteStore(openForReading(path), path, identity.bot);
    while (reader.lastPosition() < 10); // this thread does not turn
    expect(log.status().queueDepth).toBe(10);
    await reader.close();
    await appended;
    await log.close();
  });
});

it('keeps the process from ending until the log is closed, though nothing else does', async () => {
  const script = join(__dirname, '../../testing/orderly-process.ts');
  expect(await runSource(script, [path])).toEqual({ status: 0, stdout: 'closed\n', stderr: '' });
});

describe('a volume that is full', () => {
  const volume = tmpfs();

  (volume === undefined ? it.skip : it)(
    'holds events back in the queue and writes them when there is space, in order',
    async () => {
      const on = join(volume ?? '', 'log', 'events.db');
      await mkdir(join(volume ?? '', 'log'));
      const log = await openSqliteEventLog({ path: on });
      await log.append(stops(10));
      await writeFile(join(volume ?? '', 'filler'), Buffer.alloc(64 * 1024 * 1024)).catch(() => undefined);
      const pending = stops(40).map((_, i) => log.append(stops(100, `PENDING${i}-`)));
      await eventually(() => expect(log.status().failure).toBeDefined());
      const { failure, queueDepth } = log.status();
      expect(failure).toMatchObject({ code: 'LOG_WRITE_FAILED' });
      expect(failure?.message).toMatch(/could not be written: (the disk is full|the disk reported an error)/);
      expect(queueDepth).toBeGreaterThan(0);
      await expect(log.flush()).rejects.toMatchObject({ code: 'LOG_WRITE_FAILED' });
      await rm(join(volume ?? '', 'filler'));
      await Promise.all(pending);
      const records = await readAll(log);
      expect(records.map(({ position }) => position)).toEqual(positions(4_010));
      expect(log.status().failure).toBeUndefined();
      await log.close();
    },
  );

  afterAll(() => {
    if (volume !== undefined) execFileSync('umount', [volume]);
  });
});

it('refuses a file that may only be read, before anything is accepted', async () => {
  const log = await openSqliteEventLog({ path });
  await log.append(stops(1));
  await log.close();
  await chmod(folder, 0o555);
  await chmod(path, 0o444);
  await chmod(`${path}.lock`, 0o444);
  const asUser = process.getuid?.() === 0 ? 65_534 : undefined; // to root nothing is read-only
  if (asUser !== undefined) process.seteuid?.(asUser);
  const opening = WriterThread.start({ path, identity }).catch((error: unknown) => error);
  const failure = await opening;
  if (asUser !== undefined) process.seteuid?.(0);
  await chmod(folder, 0o755);
  expect(failure).toMatchObject({
    code: expect.stringMatching(/^LOG_/),
    message: expect.stringContaining('the file or its folder is read-only'),
  });
});

/** A small volume of its own, where this user may mount one. */
function tmpfs(): string | undefined {
  const at = join(tmpdir(), `opensqt-volume-${process.pid}`);
  try {
    execFileSync('mkdir', ['-p', at]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', at], { stdio: 'ignore' });
    return at;
  } catch {
    return undefined;
  }
}
