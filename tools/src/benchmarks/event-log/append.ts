import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteEventLog } from '@opensqt/event-log';
import type { AnyEvent } from '@opensqt/trading-events';
import { median, quantile, verdict } from '../measure';
import { orderFlow } from '../order-flow';
import { bareCommits } from './bare-sqlite';

const ROUNDS = 5;
const SECONDS = 2;

interface Round {
  /** Each call, in microseconds. */
  readonly calls: readonly number[];
  /** The 99th percentile of the event loop's delay, in milliseconds. */
  readonly loopDelayMs: number;
}

/** Measures the cost of appending on the trading thread at a rate (events per second), and its acknowledgement. */
export async function appendRows(folder: string, rate: number): Promise<readonly (readonly string[])[]> {
  const log = await openSqliteEventLog({ path: join(folder, `append-${rate}.db`) });
  const flow = orderFlow();
  const acknowledged: number[] = [];
  const failures: unknown[] = [];
  const append = (event: AnyEvent): void => {
    const at = performance.now();
    log.append([event]).then(
      () => acknowledged.push(performance.now() - at),
      (error: unknown) => failures.push(error),
    );
  };
  let kept: AnyEvent[] = [];
  const push = (event: AnyEvent): void => void kept.push(event);
  await paced(rate, flow, append);
  const appends: Round[] = [];
  const pushes: Round[] = [];
  const commits: number[] = [];
  acknowledged.length = 0;
  for (let round = 0; round < ROUNDS; round++) {
    appends.push(await paced(rate, flow, append));
    await log.flush();
    pushes.push(await paced(rate, flow, push));
    commits.push(...bareCommits(join(folder, `bare-${rate}-${round}.db`), kept, rate / 500));
    kept = [];
  }
  await log.close();
  if (failures.length > 0) throw failures[0];
  const calls = (rounds: readonly Round[], q: number): number =>
    median(rounds.map((round) => quantile(round.calls, q)));
  const loop = (rounds: readonly Round[]): number => median(rounds.map(({ loopDelayMs }) => loopDelayMs));
  const at = `at ${rate.toLocaleString('en-US')}/s`;
  return [
    ...[0.5, 0.99, 0.999].map((q) =>
      row(
        `append call ${at}, p${q * 100}`,
        calls(appends, q),
        'array push',
        calls(pushes, q),
        'µs',
        budgetOf(q),
      ),
    ),
    row(`event-loop delay ${at}, p99`, loop(appends), 'array push', loop(pushes), 'ms'),
    ...[0.5, 0.99].map((q) =>
      row(
        `append → acknowledged ${at}, p${q * 100}`,
        quantile(acknowledged, q),
        'a bare FULL commit of the events of 2 ms',
        quantile(commits, q),
        'ms',
      ),
    ),
  ];
}

/** Calls at the rate for a while, some in every turn of the event loop, and measures each call. */
async function paced(
  rate: number,
  flow: Iterator<AnyEvent, never>,
  call: (event: AnyEvent) => void,
): Promise<Round> {
  const calls: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const startedAt = performance.now();
  for (let made = 0; made < rate * SECONDS;) {
    const due = Math.min(rate * SECONDS, ((performance.now() - startedAt) * rate) / 1_000);
    for (; made < due; made++) {
      const event = flow.next().value;
      const at = performance.now();
      call(event);
      calls.push((performance.now() - at) * 1_000);
    }
    await sleep(1);
  }
  delay.disable();
  return { calls, loopDelayMs: delay.percentile(99) / 1e6 };
}

/** Times an array push that a call may cost. */
function budgetOf(q: number): number | undefined {
  return q === 0.5 ? 40 : q === 0.99 ? 100 : undefined;
}

function row(name: string, value: number, floorName: string, floor: number, unit: string, budget?: number) {
  const digits = (of: number): string => of.toPrecision(3);
  return [
    name,
    `${digits(value)} ${unit}`,
    `${floorName}: ${digits(floor)} ${unit}`,
    (value / floor).toPrecision(2),
    budget === undefined ? '–' : verdict(value / floor, budget),
  ];
}
