import type { EventLog, LogRecord } from '@opensqt/event-log';
import type { EpochMs, EventOf, EventType } from '@opensqt/trading-events';
import type { Series } from '../api/series';
import { difference, product, quotient, total } from '../view/amounts';
import { positionAt, recordAt } from '../../replay/log-reading';

const TYPES = [
  'market.sampled',
  'order.filled',
  'position.changed',
  'quoting.paused',
  'quoting.resumed',
  'symbol.started',
  'symbol.stopped',
] as const satisfies readonly EventType[];
type Plotted = EventOf<(typeof TYPES)[number]>;

/** Records that are read for one plot, the newest of those asked for. */
const MAX_READ = 500_000;
const DEFAULT_SPAN_MS = 4 * 3_600_000;

/** The part that is asked for. */
export interface SeriesQuery {
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
  /** Points a line at most. */
  readonly points: number;
  readonly symbol?: string | undefined;
  /** Market time between two samples at most (ms). */
  readonly sampleInterval: number;
  /** PnL realized up to the end; undefined where it is not known. */
  readonly realized: string | null;
}

type SymbolSeries = Series['symbols'][0];
type Fill = SymbolSeries['fills'][0];

/** The plots of a part of the log, in a bounded number of points: of prices, each part keeps its lowest and its highest. */
export async function seriesOf(log: EventLog, query: SeriesQuery, end: number): Promise<Series> {
  const newest = await recordAt(log, end);
  const to = query.to ?? newest?.event.occurredAt;
  if (to === undefined)
    return {
      position: end,
      from: null,
      to: null,
      symbols: [],
      pnl: { at: [], realized: [], unrealized: [] },
    };
  const wanted = Math.min(query.from ?? to - DEFAULT_SPAN_MS, to);
  const first = await positionAt(log, wanted, end);
  const from = query.from ?? (await recordAt(log, first))?.event.occurredAt ?? wanted;
  const last = query.to === undefined ? end : (await positionAt(log, query.to + 1, end)) - 1;
  const plot = new Plot({ ...query, from, to });
  for await (const records of log.read({ from: Math.max(first, end - MAX_READ), to: end, types: TYPES }))
    for (const record of records) if (record.bot === log.bot) plot.add(record, record.position <= last);
  return { position: end, from, to, ...plot.done() };
}

interface Bounds extends SeriesQuery {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

class Plot {
  private readonly symbols = new Map<string, SymbolPlot>();
  private readonly unrealized = new Map<string, string>();
  /** By part: the last values in it. */
  private readonly pnl = new Map<number, { at: EpochMs; realized: string[]; unrealized: string | null }>();
  private readonly later: string[] = [];

  constructor(private readonly bounds: Bounds) {}

  /** @param isWithin false for what came after the part: only sums depend on it */
  add({ event: given, position }: LogRecord, isWithin: boolean): void {
    const event = given as Plotted;
    if (!isWithin) {
      if (event.type === 'position.changed') this.later.push(event.data.realizedPnl);
      return;
    }
    const { symbol } = event.data;
    if (this.bounds.symbol === undefined || this.bounds.symbol === symbol) {
      let plot = this.symbols.get(symbol);
      if (plot === undefined) this.symbols.set(symbol, (plot = new SymbolPlot(this.bounds)));
      plot.add(event, position);
    }
    if (event.type !== 'position.changed' && event.type !== 'market.sampled') return;
    const { strategy, unrealizedPnl } = event.data;
    this.unrealized.set(`${symbol}\u0000${strategy}`, unrealizedPnl);
    const part = partOf(event.occurredAt, this.bounds, this.bounds.points);
    let point = this.pnl.get(part);
    if (point === undefined) this.pnl.set(part, (point = { at: 0, realized: [], unrealized: null }));
    point.at = event.occurredAt;
    point.unrealized = total([...this.unrealized.values()]);
    if (event.type === 'position.changed') point.realized.push(event.data.realizedPnl);
  }

  done(): Pick<Series, 'symbols' | 'pnl'> {
    const points = [...this.pnl].sort(([a], [b]) => a - b).map(([, point]) => point);
    const within = total(points.flatMap(({ realized }) => realized));
    let running = difference(this.bounds.realized ?? '0', total([within, ...this.later]));
    return {
      symbols: [...this.symbols].map(([symbol, plot]) => ({ symbol, ...plot.done() })),
      pnl: {
        at: points.map(({ at }) => at),
        realized: points.map(({ realized }) => (running = total([running, ...realized]))),
        unrealized: points.map(({ unrealized }) => unrealized),
      },
    };
  }
}

class SymbolPlot {
  /** By part: the lowest and the highest price in it. */
  private readonly prices = new Map<number, { low: Point; high: Point }>();
  private readonly fills = new Map<string, { fill: Fill; value: string }>();
  private readonly lanes: SymbolSeries['lanes'] = [];

  constructor(private readonly bounds: Bounds) {}

  add(event: Plotted, position: number): void {
    const { occurredAt: at } = event;
    switch (event.type) {
      case 'market.sampled':
        return this.price({ at, price: event.data.price });
      case 'order.filled':
        return this.fill(event, position);
      case 'quoting.paused':
        return this.lane(at, 'paused', event.data.reason);
      case 'symbol.stopped':
        return this.lane(at, 'stopped', event.data.reason);
      case 'quoting.resumed':
      case 'symbol.started':
        return this.lane(at, 'quoting', null);
      case 'position.changed':
    }
  }

  done(): Omit<SymbolSeries, 'symbol'> {
    const points = [...this.prices.values()]
      .flatMap(({ low, high }) => (low === high ? [low] : [low, high]))
      .sort((a, b) => a.at - b.at);
    return {
      prices: { at: points.map(({ at }) => at), price: points.map(({ price }) => price) },
      sampleInterval: this.bounds.sampleInterval,
      fills: [...this.fills.values()].map(({ fill }) => fill),
      lanes: this.lanes.slice(-this.bounds.points),
    };
  }

  private price(point: Point): void {
    const part = partOf(point.at, this.bounds, Math.ceil(this.bounds.points / 2));
    const range = this.prices.get(part);
    if (range === undefined) this.prices.set(part, { low: point, high: point });
    else if (Number(point.price) < Number(range.low.price)) range.low = point;
    else if (Number(point.price) > Number(range.high.price)) range.high = point;
  }

  private fill(
    { occurredAt, data: { side, price, quantity } }: EventOf<'order.filled'>,
    position: number,
  ): void {
    const key = `${side} ${partOf(occurredAt, this.bounds, this.bounds.points)}`;
    const value = product(price, quantity);
    const merged = this.fills.get(key);
    if (merged === undefined) {
      const fill = { at: occurredAt, side, price, quantity, fills: 1, position };
      this.fills.set(key, { fill, value });
      return;
    }
    const { fill } = merged;
    merged.value = total([merged.value, value]);
    fill.quantity = total([fill.quantity, quantity]);
    fill.price = quotient(merged.value, fill.quantity);
    fill.fills += 1;
    fill.position = position;
  }

  private lane(at: EpochMs, state: SymbolSeries['lanes'][0]['state'], reason: string | null): void {
    const last = this.lanes.at(-1);
    if (last !== undefined && last.to === null) last.to = at;
    this.lanes.push({ from: at, to: null, state, reason });
  }
}

interface Point {
  readonly at: EpochMs;
  readonly price: string;
}

function partOf(at: EpochMs, { from, to }: Bounds, parts: number): number {
  const span = Math.max(1, to - from);
  return Math.max(0, Math.min(parts - 1, Math.floor(((at - from) / span) * parts)));
}
