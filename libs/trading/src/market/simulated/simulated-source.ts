import { type EpochMs, type Random, assertNever, seededRandom } from '@opensqt/trading-events';
import type { MarketEvent } from '../market-event';
import type { SourceContext, SourceKind } from '../market-source';
import { DAY_MS, INCIDENTS, type Incident, PHASES } from './day-script';
import { SimulatedSymbol, startPriceOf } from './simulated-symbol';

/** Interval at which a broken connection is tried again. */
const RECONNECT_EVERY_MS = 10_000;

/** An endless seeded market. Every day has the same script with other random numbers. */
export async function* simulatedSource(
  options: Pick<SourceContext, 'symbols' | 'seed' | 'startAt' | 'lastPrices'>,
): AsyncGenerator<MarketEvent> {
  const symbols = options.symbols.map(
    (symbol) => new SimulatedSymbol(symbol, options.lastPrices[symbol.symbol]),
  );
  for (let day = 0; ; day++) {
    const random = seededRandom(`${options.seed}:day:${day}`);
    yield* simulatedDay(symbols, options.startAt + day * DAY_MS, random);
  }
}

function* simulatedDay(
  symbols: readonly SimulatedSymbol[],
  start: EpochMs,
  random: Random,
): Generator<MarketEvent> {
  const planned = INCIDENTS.flatMap((incident) => planOf(incident, symbols)).sort((a, b) => a.at - b.at);
  let marketLost = false;
  for (const symbol of symbols) symbol.beginDay(random);
  for (;;) {
    const next = symbols.reduce<SimulatedSymbol | undefined>(
      (earliest, symbol) => (earliest === undefined || symbol.nextAt < earliest.nextAt ? symbol : earliest),
      undefined,
    );
    const tradeAt = Math.min(next?.nextAt ?? DAY_MS, DAY_MS);
    for (let due = planned[0]; due !== undefined && due.at <= tradeAt; due = planned[0]) {
      planned.shift();
      const event = due.happen(start + due.at);
      if (event.type === 'connection_lost' && event.stream === 'market') marketLost = true;
      if (event.type === 'connection_restored' && event.stream === 'market') marketLost = false;
      yield event;
    }
    const phase = PHASES.find(({ from, to }) => tradeAt >= from && tradeAt < to);
    if (next === undefined || phase === undefined) return;
    const trade = next.trade(start, phase, random);
    if (!marketLost) yield trade;
  }
}

/** A market event that the script foresees; what it is in detail depends on the market when it happens. */
interface PlannedEvent {
  /** Milliseconds since the day began. */
  readonly at: number;
  readonly happen: (time: EpochMs) => MarketEvent;
}

function planOf(incident: Incident, symbols: readonly SimulatedSymbol[]): readonly PlannedEvent[] {
  const { at } = incident;
  switch (incident.type) {
    case 'market_lost':
    case 'orders_lost': {
      const stream = incident.type === 'market_lost' ? 'market' : 'orders';
      const reason = 'connection reset by the exchange';
      const attempts = Math.ceil(incident.forMs / RECONNECT_EVERY_MS);
      return [
        { at, happen: (time) => ({ type: 'connection_lost', time, stream, reason }) },
        {
          at: at + incident.forMs,
          happen: (time) => ({ type: 'connection_restored', time, stream, attempts }),
        },
      ];
    }
    case 'latency_spike': {
      const { latencyMs } = incident;
      return [
        { at, happen: (time) => ({ type: 'latency_changed', time, latencyMs }) },
        { at: at + incident.forMs, happen: (time) => ({ type: 'latency_changed', time }) },
      ];
    }
    case 'poisoned_print':
      return symbols.slice(-1).map((symbol) => ({ at, happen: (time) => symbol.poisonedPrint(time) }));
    case 'sweep':
      return symbols.map((symbol) => ({
        at,
        happen: (time) => symbol.sweep(time, incident.drop, incident.notional),
      }));
    default:
      return assertNever(incident);
  }
}

export const simulated: SourceKind = {
  symbols: () => ['BTCUSDT', 'ETHUSDT'],
  firstPrice: startPriceOf,
  open: ({ startAt, resumeAfter, ...context }) =>
    simulatedSource({ ...context, startAt: resumeAfter === undefined ? startAt : resumeAfter + 1000 }),
};
