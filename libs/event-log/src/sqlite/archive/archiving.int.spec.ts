import { copyFile, mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@opensqt/trading-events/testing';
import { zstdDecompressSync } from 'node:zlib';
import type { EventLog, LogRecord } from '../../event-log';
import { archiveAll } from '../../testing/archiving';
import { describeKillsWhileArchiving } from '../../testing/archiving-kills.contract';
import { filledLog, segmentFilesOf, usingLog } from '../../testing/archived-log';
import { startSource } from '../../testing/source-process';
import type { LogToOpen } from '../../testing/contract/event-log-backend';
import { describeEventLogContract } from '../../testing/contract/event-log.contract';
import { positions, readAll, stops, symbolsOf } from '../../testing/sample-events';
import { openSqliteEventLog } from '../open-sqlite-event-log';

let folder: string;
let path: string;
let paths = 0;
const ARCHIVING = join(__dirname, '../../testing/archiving-process.ts');
const files = new WeakMap<object, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-archive-'));
});

beforeEach(() => {
  paths += 1;
  path = join(folder, `log-${paths}`, 'events.db');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describeEventLogContract('sqlite, archived whenever it is closed', {
  open: (options) => {
    paths += 1;
    return openAt(join(folder, `log-${paths}`, 'events.db'), options);
  },
  reopen: async (log, options) => {
    await log.close();
    const file = files.get(log) ?? '';
    await archiveAll(file);
    return openAt(file, options);
  },
});

async function openAt(file: string, options: LogToOpen | undefined): Promise<EventLog> {
  const log = await openSqliteEventLog({ ...options, path: file });
  files.set(log, file);
  return log;
}

const filled = (count: number): Promise<readonly LogRecord[]> => filledLog(path, count);
const withLog = <Result>(use: (log: EventLog) => Promise<Result>, readOnly?: boolean): Promise<Result> =>
  usingLog(path, use, readOnly);
const segmentFiles = (): Promise<readonly string[]> => segmentFilesOf(path);

describe('a log whose older events are archived', () => {
  it.each([true, false])('reads as it did before, whole and in part (read only: %s)', async (readOnly) => {
    const before = await filled(5_500);
    await archiveAll(path);
    await withLog(async (log) => {
      expect(await readAll(log)).toEqual(before);
      expect(await readAll(log, { from: 1_990, to: 4_010 })).toEqual(before.slice(1_989, 4_010));
      expect(await readAll(log, { from: 5_400 })).toEqual(before.slice(5_399));
      expect(await readAll(log, { types: ['symbol.started'] })).toEqual([
        before[1_999],
        before[3_999],
        before[5_499],
      ]);
      expect(await readAll(log, { types: ['order.placed'] })).toEqual([]);
    }, readOnly);
  });

  it('goes on at the next position, knows archived ids and hands over both parts to a subscriber', async () => {
    const before = await filled(2_500);
    await archiveAll(path);
    await withLog(async (log) => {
      await log.append([...before.slice(0, 3).map(({ event }) => event), ...stops(2, 'NEW')]);
      const seen: LogRecord[] = [];
      await log.subscribe(1, (records) => void seen.push(...records)).caughtUp();
      expect(seen.map(({ position }) => position)).toEqual(positions(2_502));
      expect(symbolsOf(seen).slice(-2)).toEqual(['NEW1', 'NEW2']);
    });
  });

  it('is archived again and again, and a reader that was there before reads on', async () => {
    await filled(2_500);
    const reader = await openSqliteEventLog({ path, readOnly: true });
    for (let i = 0; i < 3; i++) {
      await archiveAll(path);
      await withLog((log) => log.append(stops(700, `MORE${i}-`)));
    }
    expect((await readAll(reader)).map(({ position }) => position)).toEqual(positions(4_600));
    await reader.close();
    expect(await segmentFiles()).toHaveLength(3);
  });

  it('reads right in another process at every step of archiving', async () => {
    const before = await filled(4_500);
    const reader = await openSqliteEventLog({ path, readOnly: true });
    const child = startSource(ARCHIVING, [path]);
    let reads = 0;
    while (child.isRunning) {
      expect((await readAll(reader)).map(({ event }) => event.id)).toEqual(
        before.map(({ event }) => event.id),
      );
      reads += 1;
    }
    expect({ ...(await child.ended()), output: child.output }).toEqual({ code: 0, signal: null, output: '' });
    expect(reads).toBeGreaterThan(0);
    expect(await readAll(reader, { from: 1, to: 10 })).toEqual(before.slice(0, 10));
    await reader.close();
  });

  it('gives the space back', async () => {
    await filled(10_000);
    const { size } = await stat(path);
    await archiveAll(path);
    expect((await stat(path)).size).toBeLessThan(size / 4);
  });

  it('keeps segments that standard tools read', async () => {
    const before = await filled(10);
    await archiveAll(path);
    const [file = ''] = await segmentFiles();
    expect(file).toMatch(/events-0000000000000001-0000000000000009\.jsonl\.zst$/);
    const bytes = await readFile(file);
    const lines = zstdDecompressSync(bytes).toString().trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(
      before.slice(0, 9).map(({ event }) => event.id),
    );
  });
});

describe('a log with a retention', () => {
  it('archives by itself while it is written, and says how far', async () => {
    const log = await openSqliteEventLog({ path, retention: { maxAge: 0 } });
    await log.append(stops(2_100));
    await eventually(() => expect(log.status().storage?.archivedThrough).toBe(2_099));
    await log.append(stops(100, 'MORE'));
    expect((await readAll(log)).map(({ position }) => position)).toEqual(positions(2_200));
    await log.close();
  });

  it('goes on taking events when it cannot archive, says why, and archives once it can', async () => {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(`${path}.archive`, 'a file where the folder should be');
    const log = await openSqliteEventLog({ path, retention: { maxAge: 0 } });
    await log.append(stops(10));
    await eventually(() => expect(log.status().storage?.failure).toBeDefined());
    expect(log.status().storage?.failure).toMatchObject({
      code: 'LOG_ARCHIVE_FAILED',
      message: expect.stringMatching(
        /could not be maintained .*EEXIST.* Nothing is lost; it is tried again\./,
      ),
    });
    await log.append(stops(5, 'MORE'));
    await rm(`${path}.archive`);
    await eventually(() => expect(log.status().storage?.failure).toBeUndefined());
    await eventually(() => expect(log.status().storage?.archivedThrough).toBe(14));
    expect(await readAll(log)).toHaveLength(15);
    await log.close();
  });

  it('knows events that are stated again while it archives for the first time', async () => {
    const before = await filled(6_000);
    const log = await openSqliteEventLog({ path, retention: { maxAge: 0 } });
    do await log.append(before.map(({ event }) => event));
    while (log.status().storage?.archivedThrough !== 5_999);
    expect(await readAll(log)).toEqual(before);
    await log.close();
  });

  it('closes in the middle of archiving and finishes the next time', async () => {
    const before = await filled(6_000);
    const first = await openSqliteEventLog({ path, retention: { maxAge: 0 } });
    await new Promise((resolve) => setImmediate(resolve));
    await first.close();
    const second = await openSqliteEventLog({ path, retention: { maxAge: 0 } });
    await eventually(() => expect(second.status().storage?.archivedThrough).toBe(5_999));
    expect(await readAll(second)).toEqual(before);
    await second.close();
    expect((await segmentFiles()).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });
});

describeKillsWhileArchiving([['published', 1]]);

describe('an archive that is not what it was', () => {
  beforeEach(async () => {
    await filled(4_500);
    await archiveAll(path);
  });

  const failure = (log: EventLog): Promise<unknown> =>
    readAll(log).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('says which segment is missing, and finds it where it was moved to', async () => {
    const [file = ''] = await segmentFiles();
    const elsewhere = join(folder, `moved-${paths}`);
    await rename(`${path}.archive`, elsewhere);
    await expect(openSqliteEventLog({ path })).rejects.toMatchObject({
      code: 'LOG_UNREADABLE',
      message: expect.stringContaining(`The archive segment ${file} (positions 1 to 4499) is missing.`),
    });
    const log = await openSqliteEventLog({ path, retention: { archivePath: elsewhere } });
    expect(await readAll(log)).toHaveLength(4_500);
    await log.close();
  });

  it('is not opened for writing when a segment was cut short', async () => {
    const [file = ''] = await segmentFiles();
    const { size } = await stat(file);
    const handle = await open(file, 'r+');
    await handle.truncate(size - 100);
    await handle.close();
    await expect(openSqliteEventLog({ path })).rejects.toMatchObject({
      code: 'LOG_UNREADABLE',
      message: expect.stringContaining(`has ${size - 100} bytes and was written with ${size}`),
    });
    const reader = await openSqliteEventLog({ path, readOnly: true });
    expect(await failure(reader)).toMatchObject({ message: expect.stringContaining('cut short') });
    await reader.close();
  });

  it.each([
    ['a block', 100, 'positions 1 to 2000 are damaged: their checksum is wrong'],
    ['the index', -200, 'its index is damaged'],
  ])('never hands over what a flipped byte made of %s', async (_, at, message) => {
    const [file = ''] = await segmentFiles();
    await flip(file, at);
    await withLog(async (log) => {
      expect(await failure(log)).toMatchObject({
        code: 'LOG_UNREADABLE',
        message: expect.stringContaining(message),
      });
    });
  });

  it('refuses a log that was restored without it, and touches neither', async () => {
    const [file = ''] = await segmentFiles();
    path = join(folder, `restored-${paths}`, 'events.db');
    await withLog((log) => log.append(stops(10)));
    await mkdir(`${path}.archive`);
    const target = join(`${path}.archive`, 'events-0000000000000001-0000000000004499.jsonl.zst');
    await copyFile(file, target);
    await expect(openSqliteEventLog({ path })).rejects.toMatchObject({
      code: 'LOG_UNREADABLE',
      message: expect.stringMatching(/ends at position 10 and its archive .* at 4499/),
    });
    expect((await readFile(target)).equals(await readFile(file))).toBe(true);
  });

  it("does not take another log's segment for its own", async () => {
    const [file = ''] = await segmentFiles();
    path = join(folder, `other-${paths}`, 'events.db');
    await filled(6_000);
    await mkdir(`${path}.archive`);
    await copyFile(file, join(`${path}.archive`, 'events-0000000000000001-0000000000004499.jsonl.zst'));
    await expect(archiveAll(path)).rejects.toMatchObject({
      code: 'LOG_ARCHIVE_FAILED',
      message: expect.stringContaining('is not what the event log'),
    });
    expect(await withLog((log) => readAll(log))).toHaveLength(6_000);
  });
});

/** Inverts the byte at that place; negative counts from the end. */
async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] = (bytes[place] ?? 0) ^ 0xff;
  await writeFile(file, bytes);
}
