import { resolve } from 'node:path';
import { eventually } from '@opensqt/trading-events/testing';
import type { EventLog } from '../event-log';
import { PostgresServer } from '../testing/postgres-server';
import { positions, readAll, symbolsOf } from '../testing/sample-events';
import { startSource } from '../testing/source-process';
import type { WatchedProcess } from '../testing/watched-process';
import { openPostgresEventLog } from './open-postgres-event-log';

let server: PostgresServer;
let children: WatchedProcess[];
let successor: EventLog | undefined;

beforeEach(async () => {
  server = await PostgresServer.start();
  children = [];
});

afterEach(async () => {
  for (const child of children) await child.end();
  await successor?.close();
  successor = undefined;
  await server.remove();
});

function start(script: string, ...args: readonly string[]): WatchedProcess {
  const child = startSource(resolve(__dirname, '../testing', script), [server.url, ...args]);
  children.push(child);
  return child;
}

function takeUp(writer: string): Promise<EventLog> {
  return openPostgresEventLog({ url: server.url, writer, leaseMs: 1_000 });
}

const acknowledgedBy = (writer: WatchedProcess): number => Number(writer.lines.at(-1) ?? 0);

async function acknowledges(writer: WatchedProcess, count: number): Promise<void> {
  await writer.eventually(() => expect(acknowledgedBy(writer)).toBeGreaterThanOrEqual(count));
}

interface Books {
  readonly acknowledged: Readonly<Record<string, number>>;
  readonly observer: WatchedProcess;
}

/** Waits for what a killed process had sent: the server still carries it out. */
async function noneIsCommitting(): Promise<boolean> {
  const writing = "SELECT 1 FROM pg_stat_activity WHERE application_name ~ '^opensqt (first|second)-'";
  return (await server.query(writing)).length === 0;
}

/** The log as a new reader finds it against what writers were promised and an observer was shown. */
async function expectNothingLostNorTwice({ acknowledged, observer }: Books): Promise<void> {
  await eventually(noneIsCommitting);
  const reader = await openPostgresEventLog({ url: server.url, readOnly: true });
  const records = await readAll(reader);
  await reader.close();
  expect(records.map(({ position }) => position)).toEqual(positions(records.length));
  const symbols = symbolsOf(records);
  expect(new Set(symbols).size).toBe(symbols.length);
  for (const [writer, count] of Object.entries(acknowledged)) {
    const own = symbols.filter((symbol) => symbol.startsWith(writer));
    expect(own.length).toBeGreaterThanOrEqual(count);
    expect(own).toEqual(positions(own.length).map((n) => `${writer}${n}`));
  }
  await observer.eventually(() => expect(observer.lines.length).toBeGreaterThanOrEqual(records.length));
  expect(observer.lines).toEqual(records.map(({ position }, i) => `${position} ${symbols[i]}`));
}

describe('two market makers and one observer on one log', () => {
  it('lose nothing, leave no gap and repeat nothing when one is killed, and its name is taken up again', async () => {
    const [first, second] = [start('endless-writer.ts', 'first-'), start('endless-writer.ts', 'second-')];
    await Promise.all([acknowledges(first, 300), acknowledges(second, 300)]);
    const observer = start('endless-observer.ts');
    await observer.eventually(() => expect(observer.lines).not.toEqual([]));
    await first.end();
    const before = acknowledgedBy(second);
    await acknowledges(second, before + 300); // the other one is not held up

    await (await takeUp('first-')).close();
    await second.end();
    const acknowledged = { 'first-': acknowledgedBy(first), 'second-': acknowledgedBy(second) };
    await expectNothingLostNorTwice({ acknowledged, observer });
  });

  it('go on when the server is stopped, or crashes, and is started again', async () => {
    const writers = [start('endless-writer.ts', 'first-'), start('endless-writer.ts', 'second-')] as const;
    await Promise.all(writers.map((writer) => acknowledges(writer, 1)));
    const observer = start('endless-observer.ts');
    await observer.eventually(() => expect(observer.lines).not.toEqual([])); // A server that is down when it is opened is an error.
    for (const end of [() => server.stop(), () => server.crash()]) {
      await Promise.all(writers.map((writer) => acknowledges(writer, acknowledgedBy(writer) + 300)));
      await end();
      await server.start();
    }
    await Promise.all(writers.map((writer) => acknowledges(writer, acknowledgedBy(writer) + 300)));
    await Promise.all(writers.map((writer) => writer.end()));
    const acknowledged = { 'first-': acknowledgedBy(writers[0]), 'second-': acknowledgedBy(writers[1]) };
    await expectNothingLostNorTwice({ acknowledged, observer });
  });

  it('record nothing any more from one that was held up and whose name another has taken meanwhile', async () => {
    const zombie = start('endless-writer.ts', 'first-');
    await acknowledges(zombie, 100);
    zombie.signal('SIGSTOP');
    successor = await takeUp('first-');
    const taken = successor.status().position;
    zombie.signal('SIGCONT');
    // Each refusal of one of its statements counts there.
    const refused = `SELECT xact_rollback::int AS rolled_back FROM pg_stat_database WHERE datname = 'postgres'`;
    const rollbacks = async (): Promise<number> => Number((await server.query(refused))[0]?.['rolled_back']);
    const before = await rollbacks();
    await eventually(async () => expect(await rollbacks()).toBeGreaterThan(before + 2));
    expect(await readAll(successor)).toHaveLength(taken);
  });
});
