import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type EventLog, openSqliteEventLog } from '@opensqt/event-log';
import { ProjectedState, metricsProjection } from '@opensqt/observability';
import { median, verdict } from '../measure';
import { orderFlow, orders } from '../order-flow';

const ROUNDS = 5;
const EVENTS = 500_000;

/** Reading a log and folding it into the metrics. */
export async function replayRows(folder: string): Promise<readonly (readonly string[])[]> {
  const path = join(folder, 'replay.db');
  const texts: string[] = [];
  const flow = orderFlow();
  const writer = await openSqliteEventLog({ path });
  while (texts.length < EVENTS) {
    const events = orders(10_000, flow);
    texts.push(...events.map(({ data }) => JSON.stringify(data)));
    await writer.append(events);
  }
  await writer.close();
  const log = await openSqliteEventLog({ path, readOnly: true });
  const replays: number[] = [];
  const parses: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    replays.push(await timed(() => replay(log)));
    parses.push(await timed(() => texts.forEach((text) => void JSON.parse(text))));
  }
  await log.close();
  const [whole, parse] = [median(replays), median(parses)];
  return [
    [
      'replay from the log into metrics',
      perSecond(whole),
      `bare JSON.parse of the data: ${perSecond(parse)}`,
      (whole / parse).toPrecision(2),
      verdict(whole / parse, 3),
    ],
  ];
}

/** Milliseconds of one round. */
async function timed(work: () => void | Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function perSecond(ms: number): string {
  return `${(EVENTS / ms / 1_000).toFixed(2)}M/s`;
}

async function replay(log: EventLog): Promise<void> {
  const metrics = ProjectedState.of(metricsProjection);
  for await (const records of log.read()) for (const { event } of records) metrics.apply(event);
}
