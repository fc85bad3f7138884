import { join } from 'node:path';
import { type EventLog, openSqliteEventLog } from '@opensqt/event-log';
import {
  CommittedProjections,
  OWN_PROJECTIONS,
  PastFold,
  Rebuild,
  metricsProjection,
} from '@opensqt/observability/replay';
import { Progress } from '@opensqt/configuration';
import { RECORDED_DAY, keptOf, load, take } from '../load';
import { inTemporaryFolder } from '../temporary-folder';
import { type Row, quantile, verdict } from './measure';

/** The defaults of `event_log.snapshot_events` and `event_log.snapshot_history`. */
const SCHEDULE = { events: 50_000, intervalMs: 2 ** 31 - 1, history: 250_000 };
const BATCH = 2_000;
/** Positions that are asked for, evenly over the log. */
const ASKED = 5;
const BUDGET_S = 2;

type Ask = (log: EventLog, position: number) => Promise<unknown>;

/** The ways to a past state, each from a log that is opened for it. */
const WAYS: Readonly<Record<string, Ask>> = {
  'replay -- --to POSITION': async (log, position) => {
    const rebuild = new Rebuild(log, metricsProjection);
    await rebuild.beginNear(position);
    await rebuild.advance(position);
  },
  'the console, ?at=POSITION': (log, position) =>
    new PastFold(log).overviewAt(position, log.status().position, undefined),
};

/**
 * Past states of logs of that many events, at positions all over them and at the one that is furthest from its snapshot.
 *
 * @param sizes events in each log
 */
export async function pastRows(sizes: readonly number[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const size of sizes)
    rows.push(...(await inTemporaryFolder((folder) => statesOf(join(folder, 'events.db'), size))));
  return rows;
}

async function statesOf(path: string, size: number): Promise<readonly Row[]> {
  await write(path, size);
  const rows: Row[] = [];
  for (const [way, ask] of Object.entries(WAYS)) {
    const times: number[] = [];
    for (let n = 1; n <= ASKED; n++)
      times.push(await timeOf(path, ask, Math.floor((size * n) / (ASKED + 1))));
    const worst: number[] = [];
    for (let n = 0; n < 3; n++) worst.push(await timeOf(path, ask, furthestOf(size)));
    const [medianMs, worstMs] = [quantile(times, 0.5), quantile(worst, 0.5)];
    rows.push([
      `${way}, ${size / 1e6}M events`,
      `${medianMs.toFixed(0)} ms`,
      `the furthest from its snapshot: ${worstMs.toFixed(0)} ms`,
      (medianMs / worstMs).toPrecision(2),
      verdict(Number((worstMs / 1_000).toPrecision(2)), BUDGET_S, ' s, the furthest'),
    ]);
  }
  return rows;
}

/** The last position before a kept snapshot: the newest one of the history, or the older of the newest two. */
function furthestOf(size: number): number {
  const newest = size - SCHEDULE.events - 1;
  const beforeKept = Math.floor(newest / SCHEDULE.history) * SCHEDULE.history - 1;
  return beforeKept > 0 ? beforeKept : newest;
}

/** Milliseconds of processor time: one thread does it all, and other programs may use the machine. */
async function timeOf(path: string, ask: Ask, position: number): Promise<number> {
  const before = process.cpuUsage();
  const log = await openSqliteEventLog({ path, readOnly: true });
  await ask(log, position);
  const { user, system } = process.cpuUsage(before);
  await log.close();
  return (user + system) / 1_000;
}

async function write(path: string, size: number): Promise<void> {
  const log = await openSqliteEventLog({ path });
  const warn = (message: string): void => void process.stderr.write(`${message}\n`);
  const committed = new CommittedProjections(OWN_PROJECTIONS, log, { warn });
  await committed.restore();
  committed.subscribe(SCHEDULE);
  const progress = new Progress('events written', size);
  const events = load({ mix: keptOf(RECORDED_DAY, 'log') });
  for (let written = 0; written < size; written += BATCH) {
    await log.append(take(events, BATCH));
    await committed.caughtUp(); // snapshots at the positions at which a bot makes them
    progress.advance(BATCH);
  }
  progress.end();
  await committed.close();
  await log.close();
}
