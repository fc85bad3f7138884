import { performance } from 'node:perf_hooks';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { MetricsPage } from '@opensqt/observability';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { compare, duration, median, verdict } from './measure';
import { observedApplication, settled } from './observed-application';

const SIZES = [1_000, 10_000, 100_000];
const MAX_SYMBOLS = 450;
const MAX_BLOCK_MS = 10;
const BLOCK_ROUNDS = 25;

/** Rendering `/metrics` against writing the same numbers behind the same prefixes, and how long it holds up the event loop. */
export async function scrapeRows(): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  for (const size of SIZES) {
    const application = await observedApplication();
    const emitter = application.get(EventEmitter2);
    for (const event of eventsOfLines(size)) emitter.emit(event.type, event);
    await settled(application);
    const page = application.get(MetricsPage);
    const text = Buffer.concat((await page.render()).body).toString();
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    const shown = `${lines.toLocaleString('en')} lines`;
    rows.push(
      await compare({
        what: `scrape ${shown}`,
        subject: { run: () => page.render() },
        floor: { name: 'cached prefixes', run: cachedPrefixes(text) },
        operations: 1,
        budget: 1.5,
      }),
    );
    const blocks: number[] = [];
    for (let round = 0; round < BLOCK_ROUNDS; round++) blocks.push(await longestBlock(() => page.render()));
    rows.push([
      `longest event-loop block of a scrape of ${shown}`,
      duration(median(blocks)),
      `worst of ${BLOCK_ROUNDS}: ${duration(Math.max(...blocks))}`,
      '–',
      verdict(median(blocks), MAX_BLOCK_MS, ' ms'),
    ]);
    await application.close();
  }
  return rows;
}

/** Events that bring about so many lines: up to 450 symbols of 46 lines each, then exchange operations of 16. */
function* eventsOfLines(lines: number): Generator<TradingEvent> {
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

function* eventsOfSymbol(symbol: string, i: number): Generator<TradingEvent> {
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

/** The longest time, in milliseconds, in which nothing else could run while the work went on. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let ended = false;
  const beat = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!ended) setImmediate(beat);
  };
  setImmediate(beat);
  await work();
  ended = true;
  await new Promise((resolve) => setImmediate(resolve));
  return longest;
}
