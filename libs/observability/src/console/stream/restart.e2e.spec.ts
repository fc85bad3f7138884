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

  const position = async (): Promise<unknown> =>
    ((await request(console.url).get('/api/v1/overview')).body as { position: unknown }).position;
  const positionsIn = ({ messages }: StreamPage) =>
    messages
      .filter(({ event }) => event === 'records')
      .flatMap(({ data }) => streamEvents.records.parse(data).records.map((record) => record.position));

  it('go on where they were, and get nothing again', async () => {
    console = await startConsole({ eventLog });
    console.emit(...trading(Date.now()));
    await eventually(async () => expect(await position()).toBe(8));
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
