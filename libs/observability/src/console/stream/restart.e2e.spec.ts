import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import request from 'supertest';
import { EventRecorder } from '../../ingest/event-recorder';
import { streamEvents } from '../api/stream';
import {
  type ConsoleApplication,
  type StreamPage,
  openPage,
  startConsole,
} from '../testing/console-application';
import { trading } from '../testing/trading';

describe('Pages that are opened one after the other', () => {
  it('each get all records after the position that they name, also those that came in between', async () => {
    const console = await startConsole({ eventLog: { kind: 'memory' } });
    console.emit(...trading(Date.now()));
    const pages: StreamPage[] = [];
    for (const count of [8, 9, 10]) {
      const page = openPage(`${console.url}/api/v1/stream`, 5);
      pages.push(page);
      const last = (): unknown => positionsIn(page).at(-1);
      await eventually(() => expect(last()).toBe(count));
      const symbol = `S${count}USDT`;
      console.emit(createEvent('symbol.started', { symbol, exchange: 'paper', strategy: 'grid' }));
      await eventually(async () => expect(await positionOf(console)).toBe(count + 1));
    }
    await eventually(() => expect(pages.map(positionsIn)).toEqual(pages.map(() => [6, 7, 8, 9, 10, 11])));
    for (const page of pages) page.close();
    await console.close();
  });
});

describe('Pages that come back while the log is read after a restart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-stream-'));
  const eventLog = { kind: 'sqlite', path: join(folder, 'events.db') } as const;
  let console: ConsoleApplication;
  let pages: readonly StreamPage[] = [];
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const page of pages) page.close();
    await console.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('go on where they were, and get nothing again', async () => {
    console = await startConsole({ eventLog });
    console.emit(...trading(Date.now()));
    await eventually(async () => expect(await positionOf(console)).toBe(8));
    await console.close();

    let replayed = (): void => undefined;
    const isReplayed = new Promise<void>((resolve) => (replayed = resolve));
    jest.spyOn(EventRecorder.prototype, 'ready').mockReturnValue(isReplayed);
    console = await startConsole({ eventLog });
    pages = [5, 8].map((after) => openPage(`${console.url}/api/v1/stream`, after));
    for (const [index, id] of ['5', '8'].entries())
      await eventually(() =>
        expect(pages[index]?.messages.find(({ event }) => event === 'overview')?.id).toBe(id),
      );
    replayed();
    const started = { symbol: 'SOLUSDT', exchange: 'paper', strategy: 'grid' };
    console.emit(createEvent('symbol.started', started, { occurredAt: Date.now() }));
    await eventually(() => expect(pages.map(positionsIn)).toEqual([[6, 7, 8, 9], [9]]), { within: 20_000 });
    expect(pages[0]?.messages.find(({ event }) => event === 'records')?.data).toMatchObject({ skipped: 0 });
  });
});

async function positionOf({ url }: ConsoleApplication): Promise<unknown> {
  return ((await request(url).get('/api/v1/overview')).body as { position: unknown }).position;
}

function positionsIn({ messages }: StreamPage): readonly number[] {
  return messages
    .filter(({ event }) => event === 'records')
    .flatMap(({ data }) => streamEvents.records.parse(data).records.map((record) => record.position));
}
