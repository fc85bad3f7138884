import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WatchedProcess, freePort } from '@opensqt/event-log/testing';
import { inTemporaryFolder } from '../temporary-folder';
import { type Row, durationRow, quantile, verdict } from './measure';

const REPOSITORY = join(__dirname, '../../..');
const ROUNDS = 5;
const START_BUDGET = 3;
const MEMORY_BUDGET = 2;
/** The age (ms) at which resident sets are compared. */
const AGE_MS = 20_000;
const POLL_MS = 5;

/** Starts something in a folder and gives it with the port on which it will serve `/metrics`. */
type Start = (folder: string) => Promise<{ readonly process: WatchedProcess; readonly port: number }>;

/**
 * The time of what `npm start` does with an up-to-date build and no log, without what npm itself takes, until `/metrics` answers, and the resident set of that run; against an empty
 * Nest application that serves prom-client's default metrics. They take turns.
 */
export async function startRows(): Promise<readonly Row[]> {
  const ours: number[] = [];
  const floor: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const times = [await startTime(marketMaker), await startTime(emptyApplication)] as const;
    if (round < 0) continue;
    ours.push(times[0]);
    floor.push(times[1]);
  }
  const [own, empty] = await Promise.all([residentSet(marketMaker), residentSet(emptyApplication)]);
  const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const what = 'start with an up-to-date build until /metrics answers';
  const name = 'an empty Nest application with prom-client';
  return [
    durationRow(what, quantile(ours, 0.5), name, quantile(floor, 0.5), START_BUDGET),
    [
      `resident set of the default run after ${AGE_MS / 1_000} s`,
      mebibytes(own),
      `${name}: ${mebibytes(empty)}`,
      (own / empty).toPrecision(2),
      verdict(own / empty, MEMORY_BUDGET),
    ],
  ];
}

const marketMaker: Start = async (folder) => {
  const build = new WatchedProcess([join(REPOSITORY, 'tools/build.mjs')], { cwd: REPOSITORY });
  const { code } = await build.ended();
  if (code !== 0) throw new Error(`The build failed: ${build.output}`);
  const port = await freePort();
  const configuration = join(folder, 'config.yaml');
  await writeFile(configuration, JSON.stringify({ server: { port } }));
  const main = join(REPOSITORY, 'apps/market-maker/dist/main.js');
  return { process: new WatchedProcess([main, '--config', configuration], { cwd: folder }), port };
};

const emptyApplication: Start = async () => {
  const port = await freePort();
  return { process: new WatchedProcess([join(__dirname, 'empty-application.js'), String(port)]), port };
};

function startTime(start: Start): Promise<number> {
  const startedAt = performance.now();
  return whileRunning(start, async () => performance.now() - startedAt);
}

function residentSet(start: Start): Promise<number> {
  return whileRunning(start, async (metrics) => {
    await delay(AGE_MS);
    const [, bytes] = /^process_resident_memory_bytes(?:\{.*\})? (\S+)/m.exec((await metrics()) ?? '') ?? [];
    return Number(bytes);
  });
}

/** Starts it, waits until `/metrics` answers, looks at it, and ends it. */
function whileRunning<Result>(
  start: Start,
  look: (metrics: () => Promise<string | undefined>) => Promise<Result>,
): Promise<Result> {
  return inTemporaryFolder(async (folder) => {
    const { process, port } = await start(folder);
    const metrics = async (): Promise<string | undefined> => {
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
      return answer?.status === 200 ? answer.text() : undefined;
    };
    try {
      while ((await metrics()) === undefined) {
        if (!process.isRunning) throw new Error(`It ended before /metrics answered: ${process.output}`);
        await delay(POLL_MS);
      }
      return await look(metrics);
    } finally {
      await process.end('SIGKILL');
    }
  });
}
