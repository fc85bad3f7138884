import type { EventOf, RiskScope, Side } from '@opensqt/trading-events';
import type { EventPublisher } from '../event-publisher';
import type { MarketScheduler } from '../market/market-scheduler';
import { Decimal, plain } from '../market/money';
import { unrealizedPnl } from '../position-manager/position';
import type { PositionManager, PositionView } from '../position-manager/position-manager';
import type { PriceTick } from '../strategy/strategy';
import { CircuitBreaker, GLOBAL_SCOPE, type OpenBreaker, type Trip } from './circuit-breaker';
import { Drawdown } from './drawdown';
import { LatencyWindow } from './latency-window';
import { LossStreak } from './loss-streak';
import { MarketDataOutage } from './market-data-outage';
import { PriceMoveWindow } from './price-move-window';
import type { ResolvedRisk } from './risk.options';
import { type BreachedLimit, SoftLimits } from './soft-limits';
import { VolumeWindow } from './volume-window';

const MARKET_DATA_AGE = 'market_data_age';

interface SymbolMeasures {
  readonly moves: PriceMoveWindow;
  readonly volume: VolumeWindow;
  readonly losses: LossStreak;
  /** Until the market is known again. */
  outage: MarketDataOutage | undefined;
}

/** An order before it is placed. */
export interface IntendedOrder {
  readonly symbol: string;
  readonly side: Side;
  /** Quote currency. */
  readonly notional: number;
}

/** Breakers and limits that an earlier run left. */
export interface RiskState {
  readonly openBreakers: readonly OpenBreaker[];
  readonly breachedLimits: readonly BreachedLimit[];
}

/**
 * Watches position, exposure, drawdown, losing streak, price moves, volume, the age of lost market data and the exchange's
 * latency. Position, exposure, volume, age and latency are soft limits; drawdown, losing streak and price moves trip the circuit
 * breaker. Events that follow from an outage of the market's stream name it as their cause.
 */
export class RiskMonitor {
  private readonly breaker: CircuitBreaker;
  private readonly limits: SoftLimits;
  private readonly latency = new LatencyWindow();
  private readonly drawdown = new Drawdown();
  private readonly symbols = new Map<string, SymbolMeasures>();
  private readonly maxPosition: number;
  private readonly maxExposure: number;
  private readonly maxDrawdown: number;

  constructor(
    private readonly options: ResolvedRisk,
    private readonly positions: PositionManager,
    private readonly scheduler: MarketScheduler,
    publisher: EventPublisher,
    onTripped: (trip: Trip, eventId: string) => void,
  ) {
    this.limits = new SoftLimits(publisher);
    this.breaker = new CircuitBreaker(publisher, scheduler, options.cooldown, {
      onTripped,
      onReset: (scope, reason) => this.startAnew(scope, reason),
    });
    this.maxPosition = Number(options.maxPosition);
    this.maxExposure = Number(options.maxExposure);
    this.maxDrawdown = Number(options.maxDrawdown);
  }

  get tripCount(): number {
    return this.breaker.tripCount;
  }

  /** Begins to watch these symbols, with what an earlier run left. */
  start(symbols: readonly string[], left?: RiskState): void {
    for (const symbol of symbols) {
      this.symbols.set(symbol, {
        moves: new PriceMoveWindow(this.options.volatilityWindow),
        volume: new VolumeWindow(this.options.volumeBars),
        losses: new LossStreak(),
        outage: undefined,
      });
    }
    for (const breaker of left?.openBreakers ?? []) this.breaker.resume(breaker);
    for (const limit of left?.breachedLimits ?? []) {
      this.limits.resume(limit);
      if (limit.scope !== GLOBAL_SCOPE && !this.symbols.has(limit.scope)) this.limits.clear(limit);
    }
  }

  halts(symbol: string): boolean {
    return this.breaker.halts(symbol);
  }

  resetBreaker(scope: RiskScope): boolean {
    return this.breaker.reset(scope, 'operator');
  }

  /** True for an order that reduces the position, and for any other while no limit stands against it. */
  permits({ symbol, side, notional }: IntendedOrder): boolean {
    const { size, notional: held } = this.positions.view(symbol);
    if (side === 'buy' ? size < 0 : size > 0) return true;
    return (
      held + notional <= this.maxPosition &&
      !this.limits.isBreached(symbol, 'max_position') &&
      !this.limits.isBreached(GLOBAL_SCOPE, 'max_exposure') &&
      !this.limits.isBreached(GLOBAL_SCOPE, 'max_exchange_latency_ms') &&
      !this.limits.isBreached(symbol, 'max_volume_ratio')
    );
  }

  /** The stream of the symbol's prices was lost, as that event says. */
  onMarketDataLost(symbol: string, eventId: string): void {
    const measures = this.symbols.get(symbol);
    if (measures === undefined) return;
    measures.outage?.restored();
    const maxAge = this.options.maxMarketDataAge;
    const outage = new MarketDataOutage(eventId, this.scheduler, maxAge, () =>
      this.measureAge(symbol, outage.age, eventId),
    );
    measures.outage = outage;
  }

  /** The stream is back; the next price shows that prices come. */
  onMarketDataRestored(symbol: string): void {
    this.symbols.get(symbol)?.outage?.restored();
  }

  /** After the position was valued at the tick's mark price. */
  onTick(symbol: string, tick: PriceTick, markPrice: number, priceEventId: string | undefined): void {
    const measures = this.symbols.get(symbol);
    if (measures === undefined) return;
    const causationId = measures.outage?.eventId ?? priceEventId;
    if (measures.outage?.onTrade() === true) measures.outage = undefined;
    if (this.limits.isBreached(symbol, MARKET_DATA_AGE)) this.measureAge(symbol, 0, causationId);
    const { maxVolatility, maxVolumeRatio } = this.options;
    const move = measures.moves.next(tick.time, markPrice);
    if (move >= maxVolatility) {
      const trip = {
        scope: symbol,
        reason: 'max_volatility',
        value: rounded(move),
        threshold: maxVolatility,
      };
      this.breaker.trip(trip, causationId);
    }
    const volumeRatio = measures.volume.next(tick.time, tick.quantity);
    this.limits.measure(
      {
        scope: symbol,
        limit: 'max_volume_ratio',
        ratio: volumeRatio / maxVolumeRatio,
        threshold: maxVolumeRatio,
        value: () => rounded(volumeRatio),
      },
      causationId,
    );
    this.onValued(symbol, causationId);
  }

  onPositionChanged(change: EventOf<'position.changed'>, orderId: string): void {
    const { symbol, realizedPnl } = change.data;
    this.onValued(symbol, change.id);
    const losses = this.symbols.get(symbol)?.losses.next(orderId, Number(realizedPnl)) ?? 0;
    const threshold = this.options.maxConsecutiveLosses;
    if (losses < threshold) return;
    this.breaker.trip(
      { scope: symbol, reason: 'max_consecutive_losses', value: losses, threshold },
      change.id,
    );
  }

  onCallCompleted(durationMs: number): void {
    const p99 = this.latency.next(this.scheduler.now(), durationMs);
    if (p99 === undefined) return;
    const threshold = this.options.maxExchangeLatencyMs;
    this.limits.measure(
      {
        scope: GLOBAL_SCOPE,
        limit: 'max_exchange_latency_ms',
        ratio: p99 / threshold,
        threshold,
        value: () => p99,
      },
      undefined,
    );
  }

  private measureAge(symbol: string, ageMs: number, causationId: string | undefined): void {
    const threshold = this.options.maxMarketDataAge;
    this.limits.measure(
      { scope: symbol, limit: MARKET_DATA_AGE, ratio: ageMs / threshold, threshold, value: () => ageMs },
      causationId,
    );
  }

  private onValued(symbol: string, causationId: string | undefined): void {
    const views = this.positions.views();
    const { notional } = this.positions.view(symbol);
    this.limits.measure(
      {
        scope: symbol,
        limit: 'max_position',
        ratio: notional / this.maxPosition,
        threshold: this.options.maxPosition,
        value: () => plain(exactNotional(this.positions.view(symbol))),
      },
      causationId,
    );
    const exposure = views.reduce((sum, view) => sum + view.notional, 0);
    this.limits.measure(
      {
        scope: GLOBAL_SCOPE,
        limit: 'max_exposure',
        ratio: exposure / this.maxExposure,
        threshold: this.options.maxExposure,
        value: () => plain(Decimal.sum(0, ...views.map(exactNotional))),
      },
      causationId,
    );
    this.judgeDrawdown(views, causationId);
  }

  private judgeDrawdown(views: readonly PositionView[], causationId: string | undefined): void {
    const unrealized = views.reduce((sum, view) => sum + view.unrealized, 0);
    const pnl = this.positions.realizedPnl().toNumber() + unrealized;
    if (this.drawdown.next(() => this.exactPnl(views), pnl) < this.maxDrawdown) return;
    this.breaker.trip(
      {
        scope: GLOBAL_SCOPE,
        reason: 'max_drawdown',
        value: plain(this.drawdown.exact(this.exactPnl(views))),
        threshold: this.options.maxDrawdown,
      },
      causationId,
    );
  }

  private exactPnl(views: readonly PositionView[]): Decimal {
    return views
      .map(({ position, mark }) => unrealizedPnl(position, mark?.exact ?? position.entryPrice))
      .reduce((sum, each) => sum.plus(each), this.positions.realizedPnl());
  }

  private startAnew(scope: RiskScope, reason: string): void {
    if (reason === 'max_drawdown') this.drawdown.clear();
    const measures = this.symbols.get(scope);
    if (reason === 'max_volatility') measures?.moves.clear();
    if (reason === 'max_consecutive_losses') measures?.losses.clear();
  }
}

function exactNotional({ position, mark }: PositionView): Decimal {
  return position.size.abs().times(mark?.exact ?? position.entryPrice);
}

function rounded(ratio: number): number {
  return Number(ratio.toFixed(6));
}
