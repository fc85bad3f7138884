import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type EventLog, openSqliteEventLog } from '@opensqt/event-log';
import { metricsProjection, ProjectedState } from '@opensqt/observability/replay';
import type { Fact } from '@opensqt/trading-events';
import { median, verdict } from '../measure';
import { orders } from '../order-flow';

const ROUNDS = 5;
const EVENTS = 500_000;

/** Reading a log and folding it into the metrics. */
export async function replayRows(folder: string): Promise<readonly (readonly string[])[]> {
  const path = join(folder, 'replay.db');
  const events = orders(EVENTS);
  const writer = await openSqliteEventLog({ path });
  for (let first = 0; first < EVENTS; first += 10_000)
    await writer.append(events.slice(first, first + 10_000));
  const log = await openSqliteEventLog({ path, readOnly: true });
  const texts = events.map(({ data }) => JSON.stringify(data));
  const measured = { replay: [] as number[], fold: [] as number[], parse: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    measured.replay.push(await timed(() => replay(log)));
    measured.parse.push(await timed(() => texts.forEach((text) => void JSON.parse(text))));
    measured.fold.push(await timed(() => fold(events)));
  }
  await log.close();
  const [whole, parse, folding] = [measured.replay, measured.parse, measured.fold].map(median);
  const row = (name: string, floorName: string, floor = NaN, budget?: number): readonly string[] => [
    name,
    perSecond(whole),
    `${floorName}: ${perSecond(floor)}`,
    ((whole ?? NaN) / floor).toPrecision(2),
    budget === undefined ? '–' : verdict((whole ?? NaN) / floor, budget),
  ];
  return [
    row('replay from the log into metrics', 'bare JSON.parse of the data', parse, 3),
    row('replay from the log into metrics', 'fold from an array', folding),
  ];
}

/** Milliseconds of one round. */
async function timed(work: () => void | Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function perSecond(ms = NaN): string {
  return `${(EVENTS / ms / 1_000).toFixed(2)}M/s`;
}

async function replay(log: EventLog): Promise<void> {
  const metrics = ProjectedState.of(metricsProjection);
  for await (const records of log.read()) for (const { event } of records) metrics.apply(event);
}

function fold(facts: readonly Fact[]): void {
  const metrics = ProjectedState.of(metricsProjection);
  for (const fact of facts) metrics.apply(fact);
}
