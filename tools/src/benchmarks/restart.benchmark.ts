import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type EventLog, openSqliteEventLog } from '@opensqt/event-log';
import {
  CommittedProjections,
  ProjectedState,
  alertsProjection,
  summaryProjection,
  healthProjection,
  metricsProjection,
  stateText,
} from '@opensqt/observability';
import { EVENT_CATALOGUE, type MarketMakerEvent, createEvent } from '@opensqt/trading-events';
import { Progress } from '@opensqt/configuration';
import { load } from '../stress/load';
import { median, verdict } from './measure';

/** The default of `event_log.snapshot_events`: the most that a restart finds after its snapshot. */
const TAIL = 50_000;
const BATCH = 2_000;
const RESTARTS = 5;
const ROUNDS = 9;
const BUDGET_MS = 1_000;
const OPEN_ORDERS = 100_000;
/** No symbol has more open orders than a state keeps of one. */
const SYMBOLS = 50;
const LONGEST_BLOCK_MS = 10;

type Row = readonly string[];

/**
 * How long a restart takes on logs of that many events, from their file to whole projections, against reading all of them.
 *
 * @param sizes events in each log
 */
export async function restartRows(sizes: readonly number[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const size of sizes) rows.push(await restartRow(size));
  return rows;
}

async function restartRow(size: number): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'opensqt-restart-'));
  try {
    const path = join(folder, 'events.db');
    await write(path, size);
    const restarts: number[] = [];
    for (let round = 0; round < RESTARTS; round++) restarts.push(await restart(path, true));
    const restartMs = median(restarts);
    const wholeMs = await restart(path, false);
    return [
      `restart at ${size / 1e6}M events, ${TAIL} of them after the snapshot`,
      `${restartMs.toFixed(0)} ms`,
      `the whole log: ${(wholeMs / 1_000).toFixed(1)} s (${Math.round(size / wholeMs)}k events/s)`,
      (restartMs / wholeMs).toPrecision(2),
      verdict(restartMs, BUDGET_MS, ' ms'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How long writing down a large state takes, and how long it holds up the thread at a time. */
export async function snapshotRows(): Promise<readonly Row[]> {
  const metrics = ProjectedState.of(metricsProjection);
  for (let order = 0; order < OPEN_ORDERS; order++) {
    const symbol = `SYM${order % SYMBOLS}`;
    const subject = { symbol, strategy: 'grid', side: 'buy', orderType: 'limit' } as const;
    const orderId = `order-${order}`;
    metrics.apply(
      createEvent('order.placed', { ...subject, orderId, clientOrderId: orderId, price: '1', quantity: '1' }),
    );
  }
  const rounds: { readonly tookMs: number; readonly longestMs: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) rounds.push(await writtenDown(metrics));
  const tookMs = median(rounds.slice(1).map((round) => round.tookMs));
  const longest = median(rounds.slice(1).map((round) => round.longestMs));
  return [
    [
      `writing down ${OPEN_ORDERS} open orders of ${SYMBOLS} symbols, beside the trading thread`,
      `${tookMs.toFixed(0)} ms`,
      `longest block: ${longest.toFixed(1)} ms`,
      (longest / tookMs).toPrecision(2),
      `block ${verdict(longest, LONGEST_BLOCK_MS, ' ms')}`,
    ],
  ];
}

async function writtenDown<State>({ projection, current }: ProjectedState<State>) {
  let longestMs = 0;
  let watching = true;
  const startedAt = performance.now();
  let turned = startedAt;
  const watch = (): void => {
    longestMs = Math.max(longestMs, performance.now() - turned);
    turned = performance.now();
    if (watching) setImmediate(watch);
  };
  setImmediate(watch);
  await stateText(projection, current);
  watching = false;
  return { tookMs: performance.now() - startedAt, longestMs };
}

async function write(path: string, size: number): Promise<void> {
  const log = await openSqliteEventLog({ path });
  const committed = projectionsOf(log);
  await committed.restore();
  committed.subscribe({ events: Infinity, intervalMs: 2 ** 31 - 1 });
  const progress = new Progress('events written', size);
  const events = logged(load('restart', 0));
  for (let written = 0; written < size; written += BATCH) {
    await log.append(Array.from({ length: BATCH }, () => events.next().value));
    progress.advance(BATCH);
    if (written < size - TAIL && written + BATCH >= size - TAIL) {
      await committed.caughtUp();
      await committed.snapshot();
    }
  }
  progress.end();
  await log.close();
}

async function restart(path: string, withSnapshots: boolean): Promise<number> {
  const startedAt = performance.now();
  const log = await openSqliteEventLog({ path });
  const { from } = await projectionsOf(withSnapshots ? log : withoutSnapshots(log)).restore();
  const tookMs = performance.now() - startedAt;
  if (withSnapshots !== from > 0)
    throw new Error(`The restart began at ${from}, which is not what is measured.`);
  await log.close();
  return tookMs;
}

function projectionsOf(log: EventLog): CommittedProjections {
  const warn = (message: string): void => void process.stderr.write(`${message}\n`);
  return new CommittedProjections(
    [metricsProjection, healthProjection, alertsProjection, summaryProjection],
    log,
    { warn },
  );
}

function withoutSnapshots(log: EventLog): EventLog {
  return Object.create(log, { snapshots: { value: async () => [] } }) as EventLog;
}

function* logged(events: Iterable<MarketMakerEvent>): Generator<MarketMakerEvent, never> {
  for (const event of events) if (EVENT_CATALOGUE[event.type].kept === 'log') yield event;
  throw new Error('The load has ended, and it has no end.');
}
