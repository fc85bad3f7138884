import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { EventLog } from '@opensqt/event-log';
import { AlertService, EVENT_LOG, MetricsPage } from '@opensqt/observability';
import { METRIC_CATALOGUE } from '@opensqt/observability/replay';
import { register } from 'prom-client';
import { RECORDED_DAY, keptOf, load, take } from '../load';
import { type Row, compare, duration, quantile, verdict, threadCpu } from './measure';
import { observedApplication, settled } from './observed-application';

/** So many symbols make ten thousand lines, and so many events bring about all series of each. */
const SYMBOLS = 145;
const EVENTS = 40_000;
const MAX_BLOCK_MS = 10;
const BLOCK_ROUNDS = 25;

/** Rendering `/metrics` against writing the same numbers behind the same prefixes, and how long it holds up the event loop. */
export async function scrapeRows(): Promise<readonly Row[]> {
  const application = await observedApplication();
  const emitter = application.get(EventEmitter2);
  const flow = load({ mix: keptOf(RECORDED_DAY, 'log'), symbols: SYMBOLS });
  for (const event of take(flow, EVENTS)) emitter.emit(event.type, event);
  await settled(application);
  const { position } = application.get<EventLog>(EVENT_LOG).status();
  while ((application.get(AlertService).vitals().decided ?? 0) < position) await delay(10);
  const page = application.get(MetricsPage);
  const render = (): Promise<unknown> => page.render();
  const blocks: Block[] = [];
  for (let round = 0; round < BLOCK_ROUNDS; round++) blocks.push(await longestBlock(render));
  const worst = Math.max(...blocks.map(({ cpuMs }) => cpuMs));
  const median = quantile(
    blocks.map(({ wallMs }) => wallMs),
    0.5,
  );
  leaveOnlyOurs();
  const lines = Buffer.concat((await page.render()).body)
    .toString()
    .split('\n');
  const samples = lines.filter((line) => line !== '' && !line.startsWith('#')).length;
  const ours = await compare({
    what: `our own metrics, ${samples.toLocaleString('en')} lines`,
    subject: { run: render },
    floors: [{ name: 'cached prefixes', run: cachedPrefixes(lines), budget: 2 }],
    operations: 1,
  });
  await application.close();
  return [
    ...ours,
    [
      'longest event-loop block of the whole page, worst scrape',
      duration(worst),
      `wall clock, median: ${duration(median)}`,
      '–',
      verdict(worst, MAX_BLOCK_MS, ' ms'),
    ],
  ];
}

/** Node's default metrics ask the operating system, which no way of writing makes cheaper. */
function leaveOnlyOurs(): void {
  const ours = new Set<string>(METRIC_CATALOGUE.map(({ name }) => name));
  for (const { name } of register.getMetricsAsArray()) {
    if (!ours.has(name)) register.removeSingleMetric(name);
  }
}

/** The floor: what stands before each number is there, and only the numbers are written. */
function cachedPrefixes(lines: readonly string[]): () => void {
  const parts = lines.map((line) => {
    const [prefix, value] = [line.slice(0, line.lastIndexOf(' ') + 1), line.slice(line.lastIndexOf(' '))];
    const isNumber = !line.startsWith('#') && Number.isFinite(Number(value));
    return isNumber ? { prefix, value: Number(value) } : { prefix: line };
  });
  return () => {
    let body = '';
    for (const { prefix, value } of parts)
      body += value === undefined ? `${prefix}\n` : `${prefix}${value}\n`;
    Buffer.from(body);
  };
}

interface Block {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/**
 * The longest time in which nothing else could run while the work went on: by the clock on the wall, and by the processor
 * time of this thread, which what else runs on the machine does not lengthen.
 */
async function longestBlock(work: () => Promise<unknown>): Promise<Block> {
  let [wallMs, cpuMs] = [0, 0];
  let [wall, cpu] = [performance.now(), threadCpu()];
  let ended = false;
  const beat = (): void => {
    const [wallNow, cpuNow] = [performance.now(), threadCpu()];
    [wallMs, cpuMs] = [Math.max(wallMs, wallNow - wall), Math.max(cpuMs, cpuNow - cpu)];
    [wall, cpu] = [wallNow, cpuNow];
    if (!ended) setImmediate(beat);
  };
  setImmediate(beat);
  await work();
  ended = true;
  await new Promise((resolve) => setImmediate(resolve));
  return { wallMs, cpuMs };
}
