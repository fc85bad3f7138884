import { isDeepStrictEqual } from 'node:util';
import type { DataOf, DurationMs, Measure, RiskScope } from '@opensqt/trading-events';
import type { EventPublisher } from '../event-publisher';
import { type Decimal, plain, plainNumber } from '../market/money';
import { type PositionView, exactNotional, isValued } from '../position-manager/position-view';
import { GLOBAL_SCOPE } from './circuit-breaker';
import type { ResolvedRisk } from './risk.options';

type Sample = DataOf<'risk.sampled'>;

/** Values against their thresholds, by the code of the limit; undefined where a value is not known. */
type Measured = Readonly<
  Record<string, { readonly value: Measure | undefined; readonly threshold: Measure }>
>;

/** The measures of one symbol, besides its position. */
interface OfSymbol {
  readonly moves: { readonly last: number | undefined };
  readonly losses: { readonly count: number } | undefined;
  readonly volume: { readonly last: number | undefined };
  readonly data: { readonly age: DurationMs; readonly maxAge: DurationMs };
  readonly quoteAsset: string | undefined;
}

/** Publishes what each scope measures against its limits, unless it is that of its last sample. */
export class RiskSamples {
  private readonly last = new Map<RiskScope, Sample>();

  constructor(
    private readonly publisher: EventPublisher,
    private readonly options: ResolvedRisk,
  ) {}

  ofSymbol(view: PositionView, { moves, losses, volume, data, quoteAsset }: OfSymbol): void {
    const { maxPosition, maxConsecutiveLosses, maxVolatility, maxVolumeRatio } = this.options;
    const measured = {
      max_position: { value: notionalOf([view]), threshold: maxPosition },
      max_consecutive_losses: { value: losses?.count ?? 0, threshold: maxConsecutiveLosses },
      max_volatility: { value: known(moves.last), threshold: plainNumber(maxVolatility) },
      max_volume_ratio: { value: known(volume.last), threshold: plainNumber(maxVolumeRatio) },
      market_data_age: { value: data.age, threshold: data.maxAge },
    };
    this.publish(view.symbol, measured, quoteAsset);
  }

  /**
   * @param drawdown undefined while a position's value is not known
   * @param latency the exchange's, in milliseconds
   */
  ofAll(
    views: readonly PositionView[],
    drawdown: Decimal | undefined,
    latency: number | undefined,
    quoteAsset: string | undefined,
  ): void {
    const { maxExposure, maxDrawdown, maxExchangeLatencyMs } = this.options;
    const measured = {
      max_exposure: { value: notionalOf(views), threshold: maxExposure },
      max_drawdown: { value: drawdown && plain(drawdown), threshold: maxDrawdown },
      max_exchange_latency_ms: { value: known(latency), threshold: plainNumber(maxExchangeLatencyMs) },
    };
    this.publish(GLOBAL_SCOPE, measured, quoteAsset);
  }

  private publish(scope: RiskScope, measured: Measured, quoteAsset: string | undefined): void {
    const limits = Object.entries(measured).flatMap(([limit, { value, threshold }]) =>
      value === undefined ? [] : [[limit, { value, threshold }] as const],
    );
    const sample = { scope, limits: Object.fromEntries(limits), ...(quoteAsset && { quoteAsset }) };
    if (limits.length === 0 || isDeepStrictEqual(sample, this.last.get(scope))) return;
    this.last.set(scope, sample);
    this.publisher.publish('risk.sampled', sample);
  }
}

function notionalOf(views: readonly PositionView[]): Measure | undefined {
  return views.every(isValued) ? plain(exactNotional(views)) : undefined;
}

function known(value: number | undefined): Measure | undefined {
  return value === undefined ? undefined : plainNumber(value);
}
