import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '@opensqt/trading-events/testing';
import type { EventLog } from '../event-log';
import type { LogToOpen } from '../testing/contract/event-log-backend';
import { describeEventLogContract } from '../testing/contract/event-log.contract';
import { positions, readAll, stops, symbolsOf } from '../testing/sample-events';
import { startSource } from '../testing/source-process';
import { openSqliteEventLog } from './open-sqlite-event-log';

let folder: string;
let paths = 0;
const files = new WeakMap<object, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-log-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function newPath(): string {
  paths += 1;
  return join(folder, `log-${paths}`, 'events.db');
}

async function openAt(path: string, options: LogToOpen | undefined): Promise<EventLog> {
  const log = await openSqliteEventLog({ ...options, path });
  files.set(log, path);
  return log;
}

describeEventLogContract('sqlite', {
  open: (options) => openAt(newPath(), options),
  reopen: async (log, options) => {
    await log.close();
    return openAt(files.get(log) ?? '', options);
  },
});

describe('one writer, many readers', () => {
  it('refuses a second writer, names the first, and lets it in once the first has closed', async () => {
    const path = newPath();
    const first = await openSqliteEventLog({ path });
    await expect(openSqliteEventLog({ path })).rejects.toMatchObject({
      code: 'LOG_IN_USE',
      message: expect.stringContaining(`${path} is being written by this process itself`),
    });
    await first.append(stops(1));
    await first.close();
    const second = await openSqliteEventLog({ path });
    expect(second.status().position).toBe(1);
    await second.close();
  });

  it('reads beside the writer and follows what it commits', async () => {
    const path = newPath();
    const writer = await openSqliteEventLog({ path });
    await writer.append(stops(3));
    const reader = await openSqliteEventLog({ path, readOnly: true });
    const seen: number[] = [];
    const subscription = reader.subscribe(1, (records) => void seen.push(...records.map((r) => r.position)));
    await subscription.caughtUp();
    expect(seen).toEqual([1, 2, 3]);
    await writer.append(stops(2));
    expect(await readAll(reader, { from: 4 })).toHaveLength(2);
    await eventually(() => expect(seen).toHaveLength(5));
    await expect(reader.append(stops(1))).rejects.toMatchObject({ code: 'LOG_READ_ONLY' });
    await reader.close();
    await writer.close();
  });
});

describe('a writer that is killed', () => {
  it('leaves every acknowledged event, without gaps, to a reader and to the next writer', async () => {
    const path = newPath();
    const child = startSource(resolve(__dirname, '../testing/endless-writer.ts'), [path]);
    const acknowledgedNow = (): number => Number(child.lines.at(-1) ?? 0);
    await child.eventually(() => expect(acknowledgedNow()).toBeGreaterThanOrEqual(1_000));
    await expect(openSqliteEventLog({ path })).rejects.toMatchObject({
      code: 'LOG_IN_USE',
      message: expect.stringContaining(`process ${child.pid}.`),
    });
    await child.end();
    const acknowledged = acknowledgedNow();
    expect(acknowledged).toBeGreaterThanOrEqual(1_000);

    const reader = await openSqliteEventLog({ path, readOnly: true });
    const records = await readAll(reader);
    await reader.close();
    expect(records.length).toBeGreaterThanOrEqual(acknowledged);
    expect(records.map(({ position }) => position)).toEqual(positions(records.length));
    expect(symbolsOf(records)).toEqual(positions(records.length).map((n) => `SYM${n}`));

    const writer = await openSqliteEventLog({ path });
    await writer.append(stops(1, 'NEXT'));
    expect(writer.status().position).toBe(records.length + 1);
    await writer.close();
  });
});

describe('the room for a log', () => {
  it('is that of the file system that it is on, as this user may use it', async () => {
    const path = newPath();
    const log = await openSqliteEventLog({ path });
    const { bsize, blocks } = await statfs(folder);
    await eventually(() => expect(log.status().storage?.space?.totalBytes).toBe(blocks * bsize));
    const { freeBytes = -1 } = log.status().storage?.space ?? {};
    expect(freeBytes).toBeGreaterThanOrEqual(0);
    expect(freeBytes).toBeLessThan(blocks * bsize);
    await log.close();
  });
});
