import type { CallOutcome, DurationMs, EpochMs, EventOf, RiskScope, Side } from '@opensqt/trading-events';
import type { EventPublisher } from '../event-publisher';
import type { Trade } from '../market/market-event';
import { commonAssetOf } from '../market/market-rules';
import type { MarketScheduler } from '../market/market-scheduler';
import { Decimal, plain, plainNumber } from '../market/money';
import type { PositionManager } from '../position-manager/position-manager';
import {
  type PositionView,
  exactNotional,
  exactUnrealized,
  isPriced,
  isValued,
} from '../position-manager/position-view';
import { type OrderMinimum, type PriceTick, type TargetOrder, smallestOf } from '../strategy/strategy';
import { type BreakerReset, CircuitBreaker, GLOBAL_SCOPE } from './circuit-breaker';
import { Drawdown } from './drawdown';
import { haltedScope } from './halted-scope';
import { LatencyWindow } from './latency-window';
import { type Losses, nextLosses } from './loss-streak';
import { MarketData, type OldData } from './market-data';
import { PriceMoveWindow } from './price-move-window';
import { RiskSamples } from './risk-samples';
import type { RestingOrder, RiskLimits, ScopeOrders } from './risk-ports';
import { SoftLimits } from './soft-limits';
import type { RiskState } from './risk-state';
import { VolumeWindow } from './volume-window';

const MARKET_DATA_AGE = 'market_data_age';
const MIN_ORDER_SIZE = 'min_order_size';

interface SymbolMeasures {
  readonly moves: PriceMoveWindow;
  readonly volume: VolumeWindow;
  losses: Losses | undefined;
  readonly quoteAsset: string | undefined;
  readonly data: MarketData;
}

/**
 * Watches position, exposure, drawdown, losing streak, price moves, volume, the age of market data and the exchange's
 * latency. Position, exposure, volume, age and latency are soft limits; drawdown, losing streak and price moves trip the circuit
 * breaker. Events that follow from an outage of the market's stream name it as their cause.
 */
export class RiskMonitor {
  private readonly breaker: CircuitBreaker;
  private readonly limits: SoftLimits;
  private readonly samples: RiskSamples;
  private readonly latency = new LatencyWindow();
  private readonly drawdown = new Drawdown();
  private readonly symbols = new Map<string, SymbolMeasures>();
  private readonly maxPosition: number;
  private readonly maxExposure: number;
  private readonly maxVolumeRatio: string;
  private readonly maxLatency: string;
  private readonly maxDrawdown: number;
  private earlierPnl = new Decimal(0);
  /** Of all symbols. */
  private quoteAsset: string | undefined;

  constructor(
    private readonly options: RiskLimits,
    private readonly positions: PositionManager,
    private readonly scheduler: MarketScheduler,
    publisher: EventPublisher,
    private readonly orders: ScopeOrders,
  ) {
    this.limits = new SoftLimits(publisher, options.clearBelow);
    this.samples = new RiskSamples(publisher, options);
    this.breaker = new CircuitBreaker(publisher, scheduler, options.cooldown, {
      describe: (scope) => haltedScope(scope, this.positions, orders.cancellable(scope)),
      onTripped: (scope, eventId) => orders.onTripped(scope, eventId),
      onReset: (scope) => this.startAnew(scope),
    });
    this.maxPosition = Number(options.maxPosition);
    this.maxExposure = Number(options.maxExposure);
    this.maxVolumeRatio = plainNumber(options.maxVolumeRatio);
    this.maxLatency = plainNumber(options.maxExchangeLatencyMs);
    this.maxDrawdown = Number(options.maxDrawdown);
  }

  get tripCount(): number {
    return this.breaker.tripCount;
  }

  /** Begins to watch these symbols, with what an earlier run left. */
  start(symbols: readonly string[], left?: RiskState): void {
    this.quoteAsset = commonAssetOf(symbols.map(this.positions.quoteAssetOf));
    for (const symbol of symbols) {
      const measures = this.watch(symbol);
      measures.losses = left?.losses[symbol];
      measures.data.watch();
    }
    if (left !== undefined) this.resumePnl(left.pnl);
    for (const breaker of left?.openBreakers ?? []) this.breaker.resume(breaker);
    const isHeld = (scope: RiskScope): boolean =>
      left?.openOrders.some(({ symbol }) => symbol === scope) === true ||
      left?.positions.some(({ symbol, size }) => symbol === scope && Number(size) !== 0) === true;
    for (const limit of left?.breachedLimits ?? []) {
      this.limits.resume(limit);
      if (limit.scope !== GLOBAL_SCOPE && !this.symbols.has(limit.scope) && !isHeld(limit.scope))
        this.limits.clear(limit);
    }
  }

  /** The time that {@link onHistory} can learn from, back from now. */
  get historyMs(): DurationMs {
    return Math.max(this.options.volatilityWindow, (this.options.volumeBars + 1) * 60_000);
  }

  /** Before the start: a trade that an earlier run has dealt with. Moves before the breaker's last reset must not trip it again. */
  onHistory({ symbol, time, price, quantity }: Trade, resetAt: EpochMs): void {
    const { moves, volume } = this.watch(symbol);
    const mark = this.positions.onHistory(symbol, { exact: price, value: Number(price) });
    if (time > resetAt) moves.next(time, mark.value);
    volume.next(time, Number(quantity));
  }

  halts(symbol: string): boolean {
    return this.breaker.halts(symbol);
  }

  /** True while the symbol's last price is older than is allowed. */
  isStale(symbol: string): boolean {
    return this.limits.isBreached(symbol, MARKET_DATA_AGE);
  }

  /** No prices are due any more. */
  unwatch(): void {
    for (const { data } of this.symbols.values()) data.unwatch();
  }

  /** The scopes in which a breaker halts trading. */
  get tripped(): readonly RiskScope[] {
    return this.breaker.tripped;
  }

  resetBreaker(scope: RiskScope, reset: BreakerReset): boolean {
    return this.breaker.reset(scope, reset);
  }

  /**
   * The orders of a target that may be open: those that reduce the position, and others while no limit stands against them. What rests
   * already counts as if it were filled, also what is being cancelled.
   *
   * @param resting the symbol's orders, open or on their way
   */
  permitted(
    symbol: string,
    wanted: readonly TargetOrder[],
    resting: readonly RestingOrder[],
  ): readonly TargetOrder[] {
    const { size, notional } = this.positions.view(symbol);
    const long = Math.sign(size) * notional;
    const used = { buy: long, sell: -long };
    const at = (side: Side, level: number) =>
      resting.find((order) => order.side === side && order.level === level)?.notional ?? 0;
    for (const { side, level, notional } of resting) {
      if (!wanted.some((order) => order.side === side && order.level === level)) used[side] += notional;
    }
    const onlyReduces = this.onlyReduces(symbol);
    return wanted.filter(({ side, level, price, quantity }) => {
      const after = used[side] + Math.max(price * quantity, at(side, level));
      const permits = after <= this.maxPosition && (used[side] < 0 || !onlyReduces);
      used[side] = permits ? after : used[side] + at(side, level);
      return permits;
    });
  }

  private onlyReduces(symbol: string): boolean {
    return (
      this.limits.isBreached(symbol, 'max_position') ||
      this.limits.isBreached(GLOBAL_SCOPE, 'max_exposure') ||
      this.limits.isBreached(GLOBAL_SCOPE, 'max_exchange_latency_ms') ||
      this.limits.isBreached(symbol, 'max_volume_ratio')
    );
  }

  /** The strategy wants these orders; the venue takes none below its minimum. */
  onTarget(
    symbol: string,
    orders: readonly TargetOrder[],
    minimum: OrderMinimum,
    causationId?: string,
  ): void {
    const smallest = smallestOf(orders, minimum);
    if (smallest === undefined) return;
    const { quantity, least } = smallest;
    if (quantity >= least && !this.limits.isBreached(symbol, MIN_ORDER_SIZE)) return;
    this.limits.measure(
      {
        scope: symbol,
        limit: MIN_ORDER_SIZE,
        ratio: quantity < least ? least / quantity : 0,
        threshold: plainNumber(least),
        value: () => plainNumber(quantity),
      },
      causationId,
    );
  }

  /** The stream of the symbol's prices was lost, as that event says. */
  onMarketDataLost(symbol: string, eventId: string): void {
    const measures = this.symbols.get(symbol);
    measures?.data.lost(eventId);
    measures?.volume.interrupt();
  }

  /** The stream is back; the next price shows that prices come. */
  onMarketDataRestored(symbol: string): void {
    this.symbols.get(symbol)?.data.restored();
  }

  /** After the position was valued at the tick's mark price. */
  onTick(symbol: string, tick: PriceTick, markPrice: number, priceEventId: string | undefined): void {
    const measures = this.symbols.get(symbol);
    if (measures === undefined) return;
    const causationId = measures.data.onTrade() ?? priceEventId;
    if (this.limits.isBreached(symbol, MARKET_DATA_AGE)) this.measureAge(symbol, 0, causationId);
    const { maxVolatility } = this.options;
    const move = measures.moves.next(tick.time, markPrice);
    if (move >= maxVolatility) {
      const trip = {
        scope: symbol,
        reason: 'max_volatility',
        value: plainNumber(move),
        threshold: plainNumber(maxVolatility),
      };
      this.breaker.trip(trip, causationId);
    }
    this.measureVolume(symbol, measures.volume, tick, causationId);
    this.onValued(symbol, causationId);
  }

  onPositionChanged(change: EventOf<'position.changed'>, orderId: string): void {
    const { symbol, realizedPnl } = change.data;
    this.onValued(symbol, change.id);
    const measures = this.symbols.get(symbol);
    if (measures === undefined) return;
    measures.losses = nextLosses(measures.losses, orderId, Number(realizedPnl));
    const losses = measures.losses.count;
    const threshold = this.options.maxConsecutiveLosses;
    if (losses < threshold) return;
    this.breaker.trip(
      { scope: symbol, reason: 'max_consecutive_losses', value: losses, threshold },
      change.id,
    );
  }

  /** A call that failed says nothing of how fast the exchange answers; one without an answer in time does. */
  onCallCompleted(durationMs: number, outcome: CallOutcome): void {
    if (outcome !== 'ok' && outcome !== 'timeout') return;
    const p99 = this.latency.next(this.scheduler.now(), durationMs);
    if (p99 === undefined) return;
    this.limits.measure(
      {
        scope: GLOBAL_SCOPE,
        limit: 'max_exchange_latency_ms',
        ratio: p99 / this.options.maxExchangeLatencyMs,
        threshold: this.maxLatency,
        value: () => plainNumber(p99),
      },
      undefined,
    );
  }

  /** Publishes what is measured against the limits by now, exceeded or not. */
  sample(): void {
    for (const [symbol, measures] of this.symbols)
      this.samples.ofSymbol(this.positions.view(symbol), measures);
    const views = this.positions.views();
    const drawdown = views.every(isPriced) ? this.drawdown.exact(this.exactPnl(views)) : undefined;
    this.samples.ofAll(views, drawdown, this.latency.last, this.quoteAsset);
  }

  private watch(symbol: string): SymbolMeasures {
    const maxAge = this.options.marketDataAges?.[symbol] ?? this.options.maxMarketDataAge;
    const known = this.symbols.get(symbol) ?? {
      moves: new PriceMoveWindow(this.options.volatilityWindow),
      volume: new VolumeWindow(this.options.volumeBars),
      losses: undefined,
      quoteAsset: this.positions.quoteAssetOf(symbol),
      data: new MarketData(this.scheduler, maxAge, (old) => this.onOldData(symbol, old)),
    };
    this.symbols.set(symbol, known);
    return known;
  }

  /** Unrealized profit of symbols that are not watched is left out of the peak, as it is of the profit. */
  private resumePnl({ net, unrealized, peak }: RiskState['pnl']): void {
    this.earlierPnl = new Decimal(net);
    if (peak === null) return;
    const others = Object.entries(unrealized).filter(([symbol]) => !this.symbols.has(symbol));
    this.drawdown.resume(new Decimal(peak).minus(Decimal.sum(0, ...others.map(([, amount]) => amount))));
  }

  /** Until the average is known, a minute can clear a limit that an earlier run left, but not exceed it. */
  private measureVolume(
    symbol: string,
    volume: VolumeWindow,
    tick: PriceTick,
    causationId: string | undefined,
  ): void {
    const measured = volume.next(tick.time, tick.quantity);
    const threshold = this.options.maxVolumeRatio;
    if (measured === undefined || (!volume.isFull && measured >= threshold)) return;
    this.limits.measure(
      {
        scope: symbol,
        limit: 'max_volume_ratio',
        ratio: measured / threshold,
        threshold: this.maxVolumeRatio,
        value: () => plainNumber(measured),
      },
      causationId,
    );
  }

  /** In the minutes that follow nobody knows what is traded. */
  private onOldData(symbol: string, { age, eventId }: OldData): void {
    this.measureAge(symbol, age, eventId);
    if (eventId !== undefined) return;
    this.symbols.get(symbol)?.volume.interrupt();
    this.orders.onStale(symbol);
  }

  private measureAge(symbol: string, ageMs: number, causationId: string | undefined): void {
    const threshold = this.watch(symbol).data.maxAge;
    this.limits.measure(
      { scope: symbol, limit: MARKET_DATA_AGE, ratio: ageMs / threshold, threshold, value: () => ageMs },
      causationId,
    );
  }

  private onValued(symbol: string, causationId: string | undefined): void {
    const views = this.positions.views();
    const view = views.find((each) => each.symbol === symbol) ?? this.positions.view(symbol);
    this.limits.measure(
      {
        scope: symbol,
        limit: 'max_position',
        ratio: view.notional / this.maxPosition,
        partial: !isValued(view),
        threshold: this.options.maxPosition,
        quoteAsset: this.symbols.get(symbol)?.quoteAsset,
        value: () => plain(exactNotional([view])),
      },
      causationId,
    );
    const exposure = views.reduce((sum, view) => sum + view.notional, 0);
    this.limits.measure(
      {
        scope: GLOBAL_SCOPE,
        limit: 'max_exposure',
        ratio: exposure / this.maxExposure,
        partial: !views.every(isValued),
        threshold: this.options.maxExposure,
        quoteAsset: this.quoteAsset,
        value: () => plain(exactNotional(views)),
      },
      causationId,
    );
    this.judgeDrawdown(views, causationId);
  }

  private judgeDrawdown(views: readonly PositionView[], causationId: string | undefined): void {
    if (!views.every(isPriced)) return;
    const unrealized = views.reduce((sum, view) => sum + view.unrealized, 0);
    const pnl = this.netPnl().toNumber() + unrealized;
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
    return this.netPnl().plus(exactUnrealized(views));
  }

  /** Over all runs, fees deducted. */
  private netPnl(): Decimal {
    return this.earlierPnl.plus(this.positions.netPnl());
  }

  /** Forgets all that could trip the breaker again: also what exceeded another limit while it was open. */
  private startAnew(scope: RiskScope): void {
    if (scope === GLOBAL_SCOPE) this.drawdown.clear();
    const measures = this.symbols.get(scope);
    measures?.moves.clear();
    if (measures !== undefined) measures.losses = undefined;
  }
}
