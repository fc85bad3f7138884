import { performance } from 'node:perf_hooks';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { MetricsPage } from '@opensqt/observability';
import { METRIC_CATALOGUE } from '@opensqt/observability/replay';
import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { register } from 'prom-client';
import { type Row, compare, duration, median, verdict } from './measure';
import { observedApplication, settled } from './observed-application';

const LINES = 10_000;
const MAX_SYMBOLS = 450;
const MAX_BLOCK_MS = 10;
const BLOCK_ROUNDS = 25;
const BUDGET = 2;

/** Rendering `/metrics` against writing the same numbers behind the same prefixes, and how long it holds up the event loop. */
export async function scrapeRows(): Promise<readonly Row[]> {
  const application = await observedApplication();
  const emitter = application.get(EventEmitter2);
  for (const event of eventsOfLines(LINES)) emitter.emit(event.type, event);
  await settled(application);
  const page = application.get(MetricsPage);
  const render = (): Promise<unknown> => page.render();
  const blocks: Block[] = [];
  for (let round = 0; round < BLOCK_ROUNDS; round++) blocks.push(await longestBlock(render));
  const worst = Math.max(...blocks.map(({ cpuMs }) => cpuMs));
  leaveOnlyOurs();
  const text = Buffer.concat((await page.render()).body).toString();
  const ours = await compare({
    what: `our own metrics, ${samplesIn(text).toLocaleString('en')} lines`,
    subject: { run: render },
    floors: [{ name: 'cached prefixes', run: cachedPrefixes(text), budget: BUDGET }],
    operations: 1,
  });
  await application.close();
  return [
    ...ours,
    [
      'longest event-loop block of the whole page, worst scrape',
      duration(worst),
      `wall clock, median: ${duration(median(blocks.map(({ wallMs }) => wallMs)))}`,
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

function samplesIn(text: string): number {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}

/** Events that bring about so many lines: up to 450 symbols of 46 lines each, then exchange operations of 16. */
function* eventsOfLines(lines: number): Generator<AnyEvent> {
  const symbols = Math.min(MAX_SYMBOLS, Math.floor(lines / 100));
  for (let i = 0; i < symbols; i++) yield* eventsOfSymbol(`SYM${i}USDT`, i);
  const operations = Math.floor((lines - symbols * 46) / 16);
  for (let i = 0; i < operations; i++) {
    yield createEvent('exchange.call_completed', {
      exchange: `venue${Math.floor(i / 100)}`,
      operation: `operation_${i % 100}`,
      durationMs: 1 + (i % 97) * 7.3,
      outcome: 'ok',
    });
  }
}

function* eventsOfSymbol(symbol: string, i: number): Generator<AnyEvent> {
  for (const side of ['buy', 'sell'] as const) {
    for (const orderType of ['limit', 'post_only'] as const) {
      const orderId = `${side}-${orderType}`;
      const order = { symbol, strategy: 'grid', orderId, side, quantity: '1.5' };
      yield createEvent('order.placed', { ...order, clientOrderId: orderId, orderType, tickToTradeMs: 0.3 });
    }
    yield createEvent('order.filled', {
      symbol,
      strategy: 'grid',
      orderId: `${side}-limit`,
      fillId: side,
      side,
      price: '100',
      quantity: `0.${1_000 + i}`,
      remaining: '0',
      fee: '0',
      feeAsset: 'USDT',
    });
  }
  for (let strategy = 0; strategy < 4; strategy++) {
    yield createEvent('position.changed', {
      symbol,
      strategy: `grid${strategy}`,
      size: `${i - 200}.25`,
      entryPrice: '100.1',
      realizedPnl: `${i % 2 === 0 ? '' : '-'}0.00855072121415400${i}`,
      unrealizedPnl: `-1.8740440520${i}`,
    });
  }
}

/** The floor: what stands before each number is there, and only the numbers are written. */
function cachedPrefixes(text: string): () => void {
  const lines = text.split('\n').map((line) => {
    const value = line.startsWith('#') ? NaN : Number(line.slice(line.lastIndexOf(' ')));
    return Number.isFinite(value)
      ? { prefix: line.slice(0, line.lastIndexOf(' ') + 1), value }
      : { prefix: line };
  });
  return () => {
    let body = '';
    for (const { prefix, value } of lines)
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

function threadCpu(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e3;
}
