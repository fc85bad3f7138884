import { readFileSync, readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type INestApplication, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import type { EventLog } from '@opensqt/event-log';
import { EVENT_LOG, EventRecorder, ObservabilityModule } from '@opensqt/observability';
import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { register } from 'prom-client';
import { RECORDED_DAY, keptOf, load, take } from '../load';
import { launchBrowser } from '../page/browser';
import { inTemporaryFolder } from '../temporary-folder';
import { type Row, compare, duration, durationRow, quantile, verdict } from './measure';

const BUILT = join(__dirname, '../../../libs/observability/console');
const MAX_KB = 60;
const PAINTED = 'performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0';
/** Events per second while the page's own work is measured. */
const RATE = 1_000;
const MAX_SCRIPT = 0.2;
const LOADS = 9;
const SCRIPT_MS = 20_000;
const MINUTES = 4;
const PAGES = 10;
const EVENTS = 2_000;
const ROUNDS = 6;

/** The page's size, first paint, script time and memory, and what ten open pages cost those who trade. */
export function pageRows(): Promise<readonly Row[]> {
  register.clear();
  Logger.overrideLogger(false);
  return inTemporaryFolder(async (folder) => {
    const browser = await launchBrowser(['--enable-precise-memory-info']);
    const app = await observedServer(join(folder, 'events.db'));
    const { port } = app.getHttpServer().address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/observability/`;
    try {
      return [
        sizeRow(),
        ...(await paintRows(browser, url)),
        ...(await workRows(app, browser, url)),
        ...(await costRows(app, browser, url)),
      ];
    } finally {
      await browser.close();
      await app.close();
    }
  });
}

async function observedServer(path: string): Promise<INestApplication> {
  const module = ObservabilityModule.forRoot({
    imports: [EventEmitterModule.forRoot()],
    eventLog: { kind: 'sqlite', path },
  });
  const app = await NestFactory.create(module, { logger: false });
  await app.listen(0, '127.0.0.1');
  await app.get(EventRecorder).ready();
  const symbols = ['S0EUR', 'S1EUR'];
  emit(
    app,
    symbols.map((symbol) => createEvent('symbol.started', { symbol, exchange: 'paper', strategy: 'grid' })),
  );
  emit(app, take(load(), EVENTS));
  return app;
}

function emit(app: INestApplication, events: readonly AnyEvent[]): void {
  const emitter = app.get(EventEmitter2, { strict: false });
  for (const event of events) emitter.emit(event.type, event);
}

function sizeRow(): Row {
  const sizes = readdirSync(BUILT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name)), { level: 9 }).length);
  const kB = sizes.reduce((sum, size) => sum + size, 0) / 1_000;
  return ['everything the page loads, gzip', `${kB.toFixed(1)} kB`, '–', '–', verdict(kB, MAX_KB, ' kB')];
}

/** From the request until something is painted, and until the verdict is there: each load in a profile of its own. */
async function paintRows(browser: Browser, url: string): Promise<readonly Row[]> {
  const heading = 'data:text/html,<h1>Trading</h1>';
  const times = { page: [] as number[], verdict: [] as number[], heading: [] as number[] };
  for (let load = 0; load < LOADS; load++) {
    times.heading.push(await firstPaint(browser, heading));
    times.page.push(
      await firstPaint(browser, url, async (page) => {
        await page.getByRole('status').getByRole('heading').waitFor();
        times.verdict.push(await page.evaluate<number>('performance.now()'));
      }),
    );
  }
  const [page, shown, floor] = [times.page, times.verdict, times.heading].map((each) => quantile(each, 0.5));
  return [
    durationRow('first paint', page ?? NaN, 'a page of one heading', floor ?? NaN),
    durationRow('the verdict on it', shown ?? NaN, 'a page of one heading', floor ?? NaN),
  ];
}

async function firstPaint(
  browser: Browser,
  url: string,
  then: (page: Page) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(url);
    await then(page);
    let painted = 0;
    await eventually(async () => (painted = await page.evaluate<number>(PAINTED)) > 0, {
      what: 'it is painted',
    });
    return painted;
  } finally {
    await context.close();
  }
}

/** The time of its scripts and its heap, while a thousand events a second come. */
async function workRows(app: INestApplication, browser: Browser, url: string): Promise<readonly Row[]> {
  const page = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  await page.goto(url);
  await page.getByRole('status').getByRole('heading').waitFor();
  const still = await scriptPart(devtools, SCRIPT_MS);
  const stop = keepEmitting(app);
  const busy = await scriptPart(devtools, SCRIPT_MS);
  const heaps: number[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    await sleep(60_000);
    heaps.push(await heapOf(devtools));
  }
  stop();
  await page.close();
  const [first = NaN, last = NaN] = [heaps[0], heaps.at(-1)];
  const perHour = ((last - first) / (MINUTES - 1)) * 60;
  return [
    [
      'script time at 1,000 events/s, of a second',
      duration(busy * 1_000),
      `without events: ${duration(still * 1_000)}`,
      (busy / still).toPrecision(2),
      verdict(busy * 100, MAX_SCRIPT * 100, ' %'),
    ],
    [
      `heap of the page after ${MINUTES} min at 1,000 events/s`,
      mebibytes(last),
      `after 1 min: ${mebibytes(first)}`,
      (last / first).toPrecision(3),
      `– (an hour at that slope: ${mebibytes(first + perHour)})`,
    ],
  ];
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** The part of the time in which the page's scripts run. */
async function scriptPart(devtools: CDPSession, forMs: number): Promise<number> {
  const [began, before] = [performance.now(), await metric(devtools, 'ScriptDuration')];
  await sleep(forMs);
  const after = await metric(devtools, 'ScriptDuration');
  return ((after - before) * 1_000) / (performance.now() - began);
}

/** The heap after a full garbage collection. */
async function heapOf(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  return metric(devtools, 'JSHeapUsedSize');
}

async function metric(devtools: CDPSession, name: string): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find((each) => each.name === name)?.value ?? NaN;
}

function keepEmitting(app: INestApplication): () => void {
  const flow = load({ run: 1 });
  const startedAt = performance.now();
  let emitted = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * RATE) / 1_000) - emitted;
    emit(app, take(flow, due));
    emitted += due;
  }, 5);
  return () => clearInterval(timer);
}

/** The cost of emitting and appending with ten pages open, against none, in turns. */
async function costRows(app: INestApplication, browser: Browser, url: string): Promise<readonly Row[]> {
  const pages = await Promise.all(Array.from({ length: PAGES }, () => browser.newPage()));
  const go = async (to: string): Promise<void> => {
    await Promise.all(pages.map((page) => page.goto(to)));
    if (to === url)
      await Promise.all(pages.map((page) => page.getByRole('status').getByRole('heading').waitFor()));
    await app.get<EventLog>(EVENT_LOG).flush();
    await sleep(1_000);
  };
  const log = app.get<EventLog>(EVENT_LOG);
  const logged = load({ mix: keptOf(RECORDED_DAY, 'log'), run: 2 });
  let fresh: readonly AnyEvent[] = [];
  const side = (to: string, run: () => unknown) => ({
    prepare: async () => {
      await go(to);
      fresh = take(logged, EVENTS);
    },
    run,
  });
  const emitAll = () => emit(app, fresh);
  const appendAll = async () => {
    await Promise.all(fresh.map((event) => log.append([event])));
  };
  const of = async (what: string, run: () => unknown): Promise<readonly Row[]> => {
    const rows = await compare({
      what: `${what}, ten pages open`,
      subject: side(url, run),
      floors: [{ name: 'none open', budget: Infinity, ...side('about:blank', run) }],
      operations: EVENTS,
      rounds: ROUNDS,
    });
    return rows.map((row) => row.with(-1, '–'));
  };
  return [
    ...(await of('emit a logged event', emitAll)),
    ...(await of('append an event until it is durable', appendAll)),
  ];
}
