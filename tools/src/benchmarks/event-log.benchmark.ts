import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteEventLog } from '@opensqt/event-log';
import { ProjectedState, metricsProjection } from '@opensqt/observability/replay';
import type { AnyEvent } from '@opensqt/trading-events';
import { RECORDED_DAY, keptOf, load, take } from '../load';
import { inTemporaryFolder } from '../temporary-folder';
import { bareCommits } from './bare-sqlite';
import { type Row, compare, durationRow, quantile } from './measure';

const ROUNDS = 5;
/** Events per second at which calls of `append` are measured, and how long a round lasts. */
const RATE = 20_000;
const ROUND_MS = 2_000;
const SUSTAINED = 200_000;
const REPLAYED = 500_000;
/** As many events in a transaction as the log puts there at most. */
const BATCH = 2_000;

const stored = load({ mix: keptOf(RECORDED_DAY, 'log') });

/** The event log's own figures, on a file in the folder for temporary files. */
export function eventLogRows(): Promise<readonly Row[]> {
  return inTemporaryFolder(async (folder) => [
    ...(await appendRows(folder)),
    ...(await sustainedRows(folder)),
    ...(await replayRows(folder)),
  ]);
}

/** The cost of a call of `append` on the thread that trades, in turns with pushing the same events into an array. */
async function appendRows(folder: string): Promise<readonly Row[]> {
  const log = await openSqliteEventLog({ path: join(folder, 'append.db') });
  const failures: unknown[] = [];
  const append = (event: AnyEvent): void =>
    void log.append([event]).catch((error: unknown) => failures.push(error));
  let kept: AnyEvent[] = [];
  const push = (event: AnyEvent): void => void kept.push(event);
  const calls: { appends: number[]; pushes: number[] }[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const appends = await paced(append);
    await log.flush();
    const pushes = await paced(push);
    kept = [];
    if (round >= 0) calls.push({ appends, pushes });
  }
  await log.close();
  if (failures.length > 0) throw failures[0];
  const budgets = [
    [0.5, 40],
    [0.99, 100],
  ] as const;
  return budgets.map(([q, budget]) => {
    const of = (side: 'appends' | 'pushes'): number =>
      quantile(
        calls.map((round) => quantile(round[side], q)),
        0.5,
      );
    const what = `append call at ${RATE.toLocaleString('en-US')}/s, p${q * 100}`;
    return durationRow(what, of('appends'), 'array push', of('pushes'), budget);
  });
}

/** Milliseconds of each call, at the rate, some calls in every turn of the event loop. */
async function paced(call: (event: AnyEvent) => void): Promise<number[]> {
  const times: number[] = [];
  const startedAt = performance.now();
  for (let elapsed = 0; elapsed < ROUND_MS; elapsed = performance.now() - startedAt) {
    for (const event of take(stored, Math.floor((elapsed * RATE) / 1_000) - times.length)) {
      const at = performance.now();
      call(event);
      times.push(performance.now() - at);
    }
    await sleep(1);
  }
  return times;
}

/** Events made durable, with synchronous=FULL, when the source is as fast as the log accepts them. */
async function sustainedRows(folder: string): Promise<readonly Row[]> {
  const log = await openSqliteEventLog({ path: join(folder, 'sustained.db') });
  let events: readonly AnyEvent[] = [];
  let files = 0;
  const appendAll = async (): Promise<void> => {
    for (let first = 0; first < SUSTAINED; first += 500) {
      for (const event of events.slice(first, first + 500)) log.append([event]).catch(() => undefined);
      while (log.status().queueDepth > 50_000) await new Promise((resolve) => setImmediate(resolve));
    }
    await log.flush();
  };
  const rows = await compare({
    what: 'an event, sustained, synchronous=FULL',
    subject: { prepare: () => (events = take(stored, SUSTAINED)), run: appendAll },
    floors: [
      {
        name: 'bare SQLite in one thread that waits for it',
        run: () => bareCommits(join(folder, `bare-${files++}.db`), events, BATCH),
        budget: 2,
      },
    ],
    operations: SUSTAINED,
    rounds: ROUNDS,
  });
  const { position } = log.status();
  await log.close();
  if (position !== files * SUSTAINED)
    throw new Error(`${position} events are in the log, not ${files * SUSTAINED}`);
  return rows;
}

/** Reading a log and folding it into the metrics. */
async function replayRows(folder: string): Promise<readonly Row[]> {
  const path = join(folder, 'replay.db');
  const texts: string[] = [];
  const writer = await openSqliteEventLog({ path });
  while (texts.length < REPLAYED) {
    const events = take(stored, 10_000);
    texts.push(...events.map(({ data }) => JSON.stringify(data)));
    await writer.append(events);
  }
  await writer.close();
  const log = await openSqliteEventLog({ path, readOnly: true });
  const replay = async (): Promise<void> => {
    const metrics = ProjectedState.of(metricsProjection);
    for await (const records of log.read()) for (const { event } of records) metrics.apply(event);
  };
  const rows = await compare({
    what: 'replay an event from the log into metrics',
    subject: { run: replay },
    floors: [
      {
        name: 'bare JSON.parse of its data',
        run: () => texts.forEach((text) => void JSON.parse(text)),
        budget: 4,
      },
    ],
    operations: REPLAYED,
    rounds: ROUNDS,
  });
  await log.close();
  return rows;
}
