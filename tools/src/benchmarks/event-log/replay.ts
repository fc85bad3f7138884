import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventLog, openSqliteEventLog } from '@opensqt/event-log';
import { metricsProjection, ProjectedState } from '@opensqt/observability/replay';
import type { Fact } from '@opensqt/trading-events';
import { median } from '../measure';
import { orders } from '../order-flow';

const ROUNDS = 5;
const EVENTS = 500_000;

/** Events per second that are read and folded into the metrics. */
export async function replayRows(folder: string): Promise<readonly (readonly string[])[]> {
  const path = join(folder, 'replay.db');
  const events = orders(EVENTS);
  const writer = await openSqliteEventLog({ path });
  for (let first = 0; first < EVENTS; first += 10_000)
    await writer.append(events.slice(first, first + 10_000));
  await untilColumnsAreMade(path);
  await writer.close();
  const log = await openSqliteEventLog({ path, readOnly: true });
  const texts = events.map(({ data }) => JSON.stringify(data));
  const measured = {
    typed: [] as number[],
    json: [] as number[],
    fold: [] as number[],
    parse: [] as number[],
  };
  for (let round = 0; round < ROUNDS; round++) {
    measured.typed.push(await rate(() => replayTyped(log)));
    measured.fold.push(await rate(() => fold(events)));
    measured.json.push(await rate(() => replayJson(log)));
    measured.parse.push(await rate(() => texts.forEach((text) => void JSON.parse(text))));
  }
  await log.close();
  const millions = (perSecond: number): string => `${(perSecond / 1e6).toFixed(2)}M/s`;
  const row = (name: string, rates: number[], floorName: string, floors: number[], budget: string) => [
    name,
    millions(median(rates)),
    `${floorName}: ${millions(median(floors))}`,
    (median(rates) / median(floors)).toPrecision(2),
    budget,
  ];
  return [
    row(
      'replay into metrics, typed columns',
      measured.typed,
      'fold from an array',
      measured.fold,
      '≥ 1.5M/s',
    ),
    row(
      'replay into metrics, JSON',
      measured.json,
      'bare JSON.parse of the data',
      measured.parse,
      '≥ 0.3M/s',
    ),
  ];
}

async function rate(work: () => void | Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return EVENTS / ((performance.now() - startedAt) / 1_000);
}

async function replayTyped(log: EventLog): Promise<void> {
  const metrics = ProjectedState.of(metricsProjection);
  for await (const { facts } of log.readFacts()) for (const fact of facts) metrics.apply(fact);
}

async function replayJson(log: EventLog): Promise<void> {
  const metrics = ProjectedState.of(metricsProjection);
  for await (const records of log.read()) for (const { event } of records) metrics.apply(event);
}

function fold(facts: readonly Fact[]): void {
  const metrics = ProjectedState.of(metricsProjection);
  for (const fact of facts) metrics.apply(fact);
}

/** The writer makes them in quiet moments; a replay of a log that has just been filled would measure the JSON. */
async function untilColumnsAreMade(path: string): Promise<void> {
  const database = new DatabaseSync(path, { readOnly: true });
  const covered = database.prepare('SELECT max(last) AS last FROM column_chunks');
  const chunk = 2_048;
  while (Number(covered.get()?.['last'] ?? 0) <= EVENTS - chunk) await sleep(20);
  database.close();
}
