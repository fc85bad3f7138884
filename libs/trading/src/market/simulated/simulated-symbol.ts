import type { EpochMs, Random } from '@opensqt/trading-events';
import { marketRules } from '../../market-rules';
import type { SymbolOptions } from '../../options';
import { exponential, standardNormal } from '../../random-variates';
import type { Trade } from '../market-event';
import type { Phase } from './day-script';

const START_PRICES: Readonly<Record<string, number>> = { BTCUSDT: 60_000, ETHUSDT: 3_000 };
const OTHER_START_PRICE = 100;
const MEAN_INTERVAL_MS = 2_000;
const MEDIAN_NOTIONAL = 500;
const NOTIONAL_SPREAD = 1.2;
/** Half the distance between buyers' and sellers' prices, as a fraction of the price. */
const HALF_SPREAD = 0.00002;

/** One symbol of the simulated market: a random walk of the log price, with trades at exponential intervals. */
export class SimulatedSymbol {
  readonly symbol: string;
  readonly tickSize: string;
  readonly lotSize: string;
  /** When its next trade is, milliseconds since the day began. */
  nextAt = 0;
  private price: number;
  private lastAt = 0;
  private readonly tickDigits: number;
  private readonly lotDigits: number;

  constructor(options: SymbolOptions, lastPrice: string | undefined) {
    this.symbol = options.symbol;
    this.price = Number(lastPrice ?? options.startPrice ?? START_PRICES[options.symbol] ?? OTHER_START_PRICE);
    const rules = marketRules(this.price, options);
    this.tickSize = rules.tickSize.toFixed();
    this.lotSize = rules.lotSize.toFixed();
    this.tickDigits = rules.tickSize.decimalPlaces();
    this.lotDigits = rules.lotSize.decimalPlaces();
  }

  beginDay(random: Random): void {
    this.lastAt = 0;
    this.nextAt = exponential(random) * MEAN_INTERVAL_MS;
  }

  /** The trade at `nextAt`; sets when the one after it is. */
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
    return {
      type: 'trade',
      symbol: this.symbol,
      time: dayStart + Math.floor(at),
      price: onStep(price, Number(this.tickSize), this.tickDigits),
      quantity: onStep(notional / price, Number(this.lotSize), this.lotDigits),
      side,
    };
  }
}

/** Rounded to a step, and one step at least. */
function onStep(value: number, step: number, digits: number): string {
  return (Math.max(1, Math.round(value / step)) * step).toFixed(digits);
}
