import type { EpochMs, Random, Side } from '@opensqt/trading-events';
import { type MarketRules, marketRules } from '../market-rules';
import type { Decimal } from '../money';
import { exponential, standardNormal } from '../../random-variates';
import type { Trade } from '../market-event';
import type { SourceSymbol } from '../market-source';
import type { Phase } from './day-script';

const START_PRICES: Readonly<Record<string, number>> = { BTCUSDT: 60_000, ETHUSDT: 3_000 };
const OTHER_START_PRICE = 100;
const MEAN_INTERVAL_MS = 2_000;
const MEDIAN_NOTIONAL = 500;
const NOTIONAL_SPREAD = 1.2;
/** Half the distance between buyers' and sellers' prices, as a fraction of the price. */
const HALF_SPREAD = 0.00002;

/** The first price of a symbol's market. */
export function startPriceOf({ symbol, startPrice }: SourceSymbol): number {
  return Number(startPrice ?? START_PRICES[symbol] ?? OTHER_START_PRICE);
}

/** One symbol of the simulated market: a random walk of the log price, with trades at exponential intervals. */
export class SimulatedSymbol {
  readonly symbol: string;
  /** Time of its next trade, milliseconds since the day began. */
  nextAt = 0;
  private price: number;
  private lastAt = 0;
  private readonly rules: MarketRules;

  constructor(options: SourceSymbol, lastPrice: string | undefined) {
    this.symbol = options.symbol;
    this.price = lastPrice === undefined ? startPriceOf(options) : Number(lastPrice);
    this.rules = marketRules(this.price, options);
  }

  beginDay(random: Random): void {
    this.lastAt = 0;
    this.nextAt = exponential(random) * MEAN_INTERVAL_MS;
  }

  /** The trade at `nextAt`; sets the time of the one after it. */
  trade(dayStart: EpochMs, phase: Phase, random: Random): Trade {
    const at = this.nextAt;
    const minutes = (at - this.lastAt) / 60_000;
    const share = (at - Math.max(this.lastAt, phase.from)) / (phase.to - phase.from);
    const change =
      Math.log1p(phase.drift) * share + phase.volatility * Math.sqrt(minutes) * standardNormal(random);
    this.price *= Math.exp(change);
    const side = random() < 0.5 ? 'buy' : 'sell';
    const price = this.price * (side === 'buy' ? 1 + HALF_SPREAD : 1 - HALF_SPREAD);
    const notional = MEDIAN_NOTIONAL * phase.size * Math.exp(NOTIONAL_SPREAD * standardNormal(random));
    this.lastAt = at;
    this.nextAt = at + (exponential(random) * MEAN_INTERVAL_MS) / phase.frequency;
    return this.print(dayStart + Math.floor(at), side, price, notional / price);
  }

  /** A large sale: the price stays down by `drop`. */
  sweep(time: EpochMs, drop: number, notional: number): Trade {
    this.price *= 1 - drop;
    return this.print(time, 'sell', this.price, notional / this.price);
  }

  /** A trade of one lot at one tick, which is false: the price goes on as if it had not been. */
  poisonedPrint(time: EpochMs): Trade {
    return this.print(time, 'sell', 0, 0);
  }

  private print(time: EpochMs, side: Side, price: number, quantity: number): Trade {
    return {
      type: 'trade',
      symbol: this.symbol,
      time,
      price: onStep(price, this.rules.tickSize),
      quantity: onStep(quantity, this.rules.lotSize),
      side,
    };
  }
}

/** Rounded to a step, with a min of one step. */
function onStep(value: number, step: Decimal): string {
  return (Math.max(1, Math.round(value / step.toNumber())) * step.toNumber()).toFixed(step.decimalPlaces());
}
