import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openSqliteEventLog } from '@opensqt/event-log';
import { median } from '../measure';
import { orderFlow, orders } from '../order-flow';
import { bareCommits } from './bare-sqlite';

const ROUNDS = 5;
const EVENTS = 200_000;
/** As many events in a transaction as the log puts there at most. */
const BATCH = 2_000;

/** Events per second that become durable, with synchronous=FULL, when the source is as fast as the log takes them. */
export async function sustainedRows(folder: string): Promise<readonly (readonly string[])[]> {
  const flow = orderFlow();
  const log = await openSqliteEventLog({ path: join(folder, 'sustained.db') });
  const rates: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const events = orders(EVENTS, flow);
    const startedAt = performance.now();
    for (let first = 0; first < EVENTS; first += 500) {
      for (const event of events.slice(first, first + 500)) log.append([event]).catch(() => undefined);
      while (log.status().queueDepth > 50_000) await new Promise((resolve) => setImmediate(resolve));
    }
    await log.flush();
    rates.push(EVENTS / ((performance.now() - startedAt) / 1_000));
    floors.push(EVENTS / (sum(bareCommits(join(folder, `bare-${round}.db`), events, BATCH)) / 1_000));
  }
  const { position } = log.status();
  await log.close();
  if (position !== ROUNDS * EVENTS)
    throw new Error(`${position} events are in the log, not ${ROUNDS * EVENTS}`);
  const [rate, floor] = [median(rates), median(floors)];
  const thousands = (perSecond: number): string => `${(perSecond / 1_000).toFixed(0)}k/s`;
  const floorName = 'bare SQLite in one thread that waits for it';
  return [
    [
      'sustained, synchronous=FULL',
      thousands(rate),
      `${floorName}: ${thousands(floor)}`,
      (rate / floor).toPrecision(2),
      `≥ 0.5: ${rate / floor >= 0.5 ? 'met' : 'missed'}`,
    ],
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
