import { type EpochMs, type Random, assertNever, seededRandom } from '@opensqt/trading-events';
import { Decimal } from '../../money';
import type { SymbolOptions } from '../../options';
import type { MarketEvent } from '../market-event';
import { DAY_MS, INCIDENTS, type Incident, PHASES } from './day-script';
import { SimulatedSymbol } from './simulated-symbol';

export interface SimulatedSourceOptions {
  readonly symbols: readonly SymbolOptions[];
  readonly seed: number | string;
  readonly startAt: EpochMs;
  /** Prices to go on from, instead of the start prices. */
  readonly lastPrices: Readonly<Record<string, string>>;
}

/** An endless seeded market. Every day follows the same script with other random numbers. */
export async function* simulatedSource(options: SimulatedSourceOptions): AsyncGenerator<MarketEvent> {
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
  const incidents = INCIDENTS.flatMap((incident) => eventsOf(incident, start, symbols.at(-1))).sort(
    (a, b) => a.time - b.time,
  );
  let marketLost = false;
  for (const symbol of symbols) symbol.beginDay(random);
  for (;;) {
    const next = symbols.reduce<SimulatedSymbol | undefined>(
      (earliest, symbol) => (earliest === undefined || symbol.nextAt < earliest.nextAt ? symbol : earliest),
      undefined,
    );
    const tradeAt = next === undefined ? DAY_MS : next.nextAt;
    while (incidents[0] !== undefined && incidents[0].time <= start + Math.min(tradeAt, DAY_MS)) {
      const incident = incidents.shift();
      if (incident === undefined) break;
      if (incident.type === 'connection_lost' && incident.stream === 'market') marketLost = true;
      if (incident.type === 'connection_restored' && incident.stream === 'market') marketLost = false;
      yield incident;
    }
    if (next === undefined || tradeAt >= DAY_MS) return;
    const phase = PHASES.find(({ from, to }) => tradeAt >= from && tradeAt < to);
    if (phase === undefined) return;
    const trade = next.trade(start, phase, random);
    if (!marketLost) yield trade;
  }
}

function eventsOf(
  incident: Incident,
  start: EpochMs,
  poisoned: SimulatedSymbol | undefined,
): readonly MarketEvent[] {
  const time = start + incident.at;
  switch (incident.type) {
    case 'market_lost':
    case 'orders_lost': {
      const stream = incident.type === 'market_lost' ? 'market' : 'orders';
      return [
        { type: 'connection_lost', time, stream, reason: 'connection reset by the exchange' },
        {
          type: 'connection_restored',
          time: time + incident.forMs,
          stream,
          attempts: Math.ceil(incident.forMs / 10_000),
        },
      ];
    }
    case 'latency_spike':
      return [
        { type: 'latency_changed', time, latencyMs: incident.latencyMs },
        { type: 'latency_changed', time: time + incident.forMs },
      ];
    case 'poisoned_print': {
      if (poisoned === undefined) return [];
      const { symbol, tickSize, lotSize } = poisoned;
      const price = new Decimal(tickSize).toFixed();
      return [{ type: 'trade', symbol, time, price, quantity: new Decimal(lotSize).toFixed(), side: 'sell' }];
    }
    default:
      return assertNever(incident);
  }
}
