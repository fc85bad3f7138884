import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Fact, type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import type { EventLog, FactBatch } from '../../event-log';
import { readAll, stops } from '../../testing/sample-events';
import { openSqliteEventLog } from '../open-sqlite-event-log';
import { CHUNK_EVENTS } from './column-chunks';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-columns-'));
  path = join(folder, 'events.db');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const COUNT = 2.5 * CHUNK_EVENTS;

function trades(count: number): readonly TradingEvent[] {
  return Array.from({ length: count }, (_, i) =>
    i % 100 === 0
      ? createEvent('strategy.panicked', {
          symbol: 'A',
          strategy: 'grid',
          error: { name: 'E', message: `${i}` },
        })
      : createEvent('order.canceled', {
          symbol: 'A',
          strategy: 'grid',
          orderId: `${i}`,
          side: 'buy',
          reason: 'r',
        }),
  );
}

async function written(events = trades(COUNT)): Promise<void> {
  const log = await openSqliteEventLog({ path });
  await log.append(events);
  await log.close();
}

/** What columns the file has, as first and last positions. */
function chunks(): readonly (readonly unknown[])[] {
  const database = new DatabaseSync(path);
  const rows = database.prepare('SELECT first, last FROM column_chunks ORDER BY first').all();
  database.close();
  return rows.map(({ first, last }) => [first, last]);
}

function change(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

async function batches(log: EventLog, range = {}): Promise<readonly FactBatch[]> {
  const found: FactBatch[] = [];
  for await (const batch of log.readFacts(range)) found.push(batch);
  return found;
}

async function expectFactsToBeThoseOfTheJson(log: EventLog, range = {}): Promise<void> {
  const read = await batches(log, range);
  const events: readonly Fact[] = (await readAll(log, range)).map(({ event }) => {
    const { type, version, occurredAt, data } = event;
    return { type, version, occurredAt, data } as Fact;
  });
  const facts = read.flatMap((batch) =>
    batch.facts.map(({ type, version, occurredAt, data }) => ({ type, version, occurredAt, data })),
  );
  expect(facts).toEqual(events);
  let next = (await readAll(log, range))[0]?.position ?? 1;
  for (const { from, facts: some } of read) {
    expect(from).toBe(next);
    next += some.length;
  }
}

const FULL_CHUNKS = [
  [1, CHUNK_EVENTS],
  [CHUNK_EVENTS + 1, 2 * CHUNK_EVENTS],
];

describe('facts of a log', () => {
  it('are read from columns where there are some and from JSON behind them, and are the same', async () => {
    await written();
    expect(chunks()).toEqual(FULL_CHUNKS);
    const log = await openSqliteEventLog({ path, readOnly: true });
    await expectFactsToBeThoseOfTheJson(log);
    await expectFactsToBeThoseOfTheJson(log, { from: 5, to: 4_711 });
    await expectFactsToBeThoseOfTheJson(log, { from: 3_000, to: 3_000 });
    expect(await batches(log, { from: COUNT + 1 })).toEqual([]);
    await log.close();
  });

  it('come from the columns and not from the JSON', async () => {
    await written();
    change("UPDATE events SET data = '{}' WHERE position <= 4096");
    const log = await openSqliteEventLog({ path, readOnly: true });
    const [first] = await batches(log, { to: 2 });
    expect(first?.facts[1]?.data).toMatchObject({ orderId: '1' });
    await log.close();
  });

  it('are read from the JSON where a chunk is damaged', async () => {
    await written();
    change(
      "UPDATE column_chunks SET columns = substr(columns, 1, 9000) || x'00' || substr(columns, 9002) WHERE first = 1",
    );
    const log = await openSqliteEventLog({ path, readOnly: true });
    await expectFactsToBeThoseOfTheJson(log);
    await log.close();
  });

  it.each([
    ['all of them', 'DELETE FROM column_chunks'],
    ['those of the latest events', 'DELETE FROM column_chunks WHERE first > 1'],
  ])('have their columns made again where %s were dropped', async (_, drop) => {
    await written();
    change(drop);
    const log = await openSqliteEventLog({ path });
    await expectFactsToBeThoseOfTheJson(log);
    await eventually(() => expect(chunks()).toHaveLength(2));
    await log.close();
    expect(chunks()).toEqual(FULL_CHUNKS);
  });
});

describe('a log of the first schema', () => {
  const OLD = join(__dirname, '../../testing/schema-1.db');
  const TAKEN_FROM = 3;

  it('is opened, brought up to date, and goes on', async () => {
    await copyFile(OLD, path);
    const log = await openSqliteEventLog({ path });
    expect(log.status().position).toBe(TAKEN_FROM);
    await log.append(stops(1, 'NEW'));
    await expectFactsToBeThoseOfTheJson(log);
    expect(await log.checkpoint('alerts')).toBe(2);
    expect(await log.snapshots('metrics')).toHaveLength(1);
    await log.close();
    expect(chunks()).toEqual([]);
  });

  it('is read as it is where it may not be changed', async () => {
    await copyFile(OLD, path);
    const log = await openSqliteEventLog({ path, readOnly: true });
    expect(await readAll(log)).toHaveLength(TAKEN_FROM);
    await expectFactsToBeThoseOfTheJson(log);
    await log.close();
  });
});
