import { isDeepStrictEqual } from 'node:util';
import type { DataOf, EpochMs, PauseReason } from '@opensqt/trading-events';
import type { EventPublisher } from '../event-publisher';
import type { Trade } from '../market/market-event';
import type { CancelTask, MarketScheduler } from '../market/market-scheduler';
import { type MarketRules, marketRules } from '../market/market-rules';
import type { OrderExecutor } from '../order-executor/order-executor';
import { plain } from '../market/money';
import type { PositionManager } from '../position-manager/position-manager';
import { exactUnrealized } from '../position-manager/position-view';
import type { Fill } from '../remote-exchange/exchange-port';
import type { RiskMonitor } from '../risk-monitor/risk-monitor';
import type { OrderMinimum, PriceTick, Strategy, Target } from '../strategy/strategy';
import { type RestartState, nextRestart } from './restart-policy';

export interface SymbolActorOptions {
  readonly symbol: string;
  readonly tickSize?: string | undefined;
  readonly lotSize?: string | undefined;
  readonly minNotional?: string | undefined;
}

export interface SymbolActorPorts<State> {
  readonly strategy: Strategy<State>;
  readonly executor: OrderExecutor;
  readonly positions: PositionManager;
  readonly risk: RiskMonitor;
  readonly publisher: EventPublisher;
  readonly scheduler: MarketScheduler;
  readonly stopwatch: () => number;
}

/** A price that trades do not move is stated again after so long (market time): that trades come is what shows that it is right. */
const RESTATE_MS = 10_000;

/** Trades one symbol. What goes wrong in its strategy stays here. */
export class SymbolActor<State = unknown> {
  readonly symbol: string;
  panics = 0;
  private state: State;
  private rules: MarketRules | undefined;
  private tickSize = 0;
  private minimum: OrderMinimum = { lot: 0, notional: 0 };
  private lastPrice:
    { readonly text: string; readonly eventId: string; readonly statedAt: EpochMs } | undefined;
  private restarts: RestartState | undefined;
  private pendingRestart: CancelTask | undefined;
  private paused: { readonly reason: PauseReason; readonly since: EpochMs } | undefined;
  private lastSample: DataOf<'market.sampled'> | undefined;
  private connected = true;
  private stopping = false;

  constructor(
    private readonly options: SymbolActorOptions,
    private readonly ports: SymbolActorPorts<State>,
  ) {
    this.symbol = options.symbol;
    this.state = ports.strategy.initial;
  }

  /** Reconciles with the venue what an earlier run left, before anything is quoted. */
  start(): void {
    this.ports.executor.takeOver();
    this.pause(this.obstacle ?? 'warming_up');
  }

  onTrade(trade: Trade): void {
    const arrivedAt = this.ports.stopwatch();
    const tick = { time: trade.time, price: Number(trade.price), quantity: Number(trade.quantity) };
    const causationId = this.updatePrice(trade);
    const mark = this.ports.positions.onPrice(
      this.symbol,
      { exact: trade.price, value: tick.price },
      causationId,
    );
    this.ports.risk.onTick(this.symbol, tick, mark.value, causationId);

    const target = this.pendingRestart === undefined ? this.ask(tick) : undefined;
    this.pauseAtObstacle(causationId);
    if (target === undefined) return;
    const { executor, risk } = this.ports;
    const rules = this.rulesAt(tick.price);
    risk.onTarget(this.symbol, target.orders, this.minimum, causationId);
    if (this.obstacle !== undefined) return;
    const orders = risk.permitted(this.symbol, target.orders, executor.resting());
    const isQuoted = executor.reconcile({ ...target, orders }, rules, { causationId, arrivedAt });
    if (target.orders.length === 0) this.pause('warming_up', causationId);
    else if (orders.length === 0) this.pause('limit', causationId);
    else if (!isQuoted) this.pause('order_size', causationId);
    else this.resume(causationId);
  }

  onFill(fill: Fill): void {
    const filled = this.ports.executor.onFill(fill);
    if (filled === undefined) return;
    const changed = this.ports.positions.onFill(filled);
    this.ports.risk.onPositionChanged(changed, fill.orderId);
  }

  /** Without both streams nothing is quoted: prices or fills would be missed. */
  setConnected(connected: boolean, eventId: string | undefined): void {
    this.connected = connected;
    this.pauseAtObstacle(eventId);
  }

  /** Withdraws the orders: without prices they stand on what the market was. */
  onMarketDataLost(eventId: string | undefined): void {
    if (eventId !== undefined) this.ports.risk.onMarketDataLost(this.symbol, eventId);
    this.withdraw('market_data_lost', eventId);
  }

  onMarketDataRestored(): void {
    this.ports.risk.onMarketDataRestored(this.symbol);
    this.pause(this.obstacle ?? 'stale_price');
  }

  /** Number of the orders that {@link withdraw} would cancel. */
  get cancellable(): number {
    return this.ports.executor.cancellable;
  }

  /** Cancels all of the symbol's orders. */
  withdraw(reason: string, causationId?: string): void {
    this.pauseAtObstacle(causationId);
    void this.ports.executor.cancelAll(reason, causationId);
  }

  /** Compares our orders with the venue's, and cancels those that should not stand. Called at an interval. */
  heartbeat(): void {
    if (this.obstacle === undefined) this.ports.executor.compareWithVenue();
    else if (this.ports.executor.hasOrders && this.connected) this.withdraw('not_quoting');
    else this.ports.executor.compareWithVenue();
  }

  /** Publishes the symbol's state, unless it is that of the last sample. */
  sample(): void {
    const { strategy, positions, publisher, executor } = this.ports;
    if (this.lastPrice === undefined) return;
    const view = positions.view(this.symbol);
    const [bestBid, bestAsk] = [executor.bestPrice('buy'), executor.bestPrice('sell')];
    const sample = {
      symbol: this.symbol,
      strategy: strategy.name,
      price: this.lastPrice.text,
      markPrice: view.mark?.exact ?? this.lastPrice.text,
      unrealizedPnl: plain(exactUnrealized([view])),
      ...(bestBid === undefined ? {} : { bestBid }),
      ...(bestAsk === undefined ? {} : { bestAsk }),
    };
    if (isDeepStrictEqual(sample, this.lastSample)) return;
    this.lastSample = sample;
    publisher.publish('market.sampled', sample, this.lastPrice.eventId);
  }

  /** The feed has ended: no price will move the quotes any more. */
  onFinished(): void {
    this.pause('ended');
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.pauseAtObstacle();
    this.pendingRestart?.();
    await this.ports.executor.cancelAll('shutdown');
  }

  /** The reason that nothing may be quoted, whatever the strategy wants. */
  private get obstacle(): PauseReason | undefined {
    const { executor, risk } = this.ports;
    if (this.stopping) return 'ended';
    if (this.pendingRestart !== undefined) return 'strategy_panic';
    if (!this.connected) return 'disconnected';
    if (!executor.isReconciled) return 'position_unknown';
    if (risk.halts(this.symbol)) return 'breaker';
    return risk.isStale(this.symbol) ? 'stale_price' : undefined;
  }

  private pauseAtObstacle(causationId?: string): void {
    if (this.obstacle !== undefined) this.pause(this.obstacle, causationId);
  }

  private pause(reason: PauseReason, causationId?: string): void {
    if (this.paused?.reason === reason) return;
    this.paused = { reason, since: this.paused?.since ?? this.ports.scheduler.now() };
    this.ports.publisher.publish('quoting.paused', { symbol: this.symbol, reason }, causationId);
  }

  private resume(causationId: string): void {
    if (this.paused === undefined) return;
    const { reason, since } = this.paused;
    this.paused = undefined;
    const pausedMs = this.ports.scheduler.now() - since;
    this.ports.publisher.publish('quoting.resumed', { symbol: this.symbol, reason, pausedMs }, causationId);
  }

  /** The id of the price's event; that of the last one when the price did not move since, for a while. */
  private updatePrice({ price }: Trade): string {
    const now = this.ports.scheduler.now();
    const last = this.lastPrice;
    if (last?.text === price && now - last.statedAt < RESTATE_MS) return last.eventId;
    const { id } = this.ports.publisher.publish('price.updated', { symbol: this.symbol, price });
    this.lastPrice = { text: price, eventId: id, statedAt: now };
    return id;
  }

  private ask(tick: PriceTick): Target | undefined {
    const { strategy, positions } = this.ports;
    try {
      this.rulesAt(tick.price);
      this.state = strategy.evolve(this.state, tick);
      const position = positions.view(this.symbol).size;
      return strategy.decide(this.state, { price: tick.price, tickSize: this.tickSize, position });
    } catch (error) {
      this.panic(error);
      return undefined;
    }
  }

  /** The rules that the first price gave. */
  private rulesAt(price: number): MarketRules {
    if (this.rules !== undefined) return this.rules;
    const { tickSize, lotSize, minNotional } = (this.rules = marketRules(price, this.options));
    this.tickSize = tickSize.toNumber();
    this.minimum = { lot: lotSize.toNumber(), notional: minNotional.toNumber() };
    return this.rules;
  }

  private panic(error: unknown): void {
    const { strategy, publisher, scheduler } = this.ports;
    this.panics++;
    const { id } = publisher.publish(
      'strategy.panicked',
      { symbol: this.symbol, strategy: strategy.name, error: detailsOf(error) },
      this.lastPrice?.eventId,
    );
    this.state = strategy.initial;
    this.withdraw('strategy_panic', id);
    const { attempt, delayMs } = nextRestart(this.restarts, scheduler.now());
    this.pendingRestart = scheduler.after(delayMs, () => {
      this.pendingRestart = undefined;
      this.restarts = { attempt, restartedAt: scheduler.now() };
      const restarted = { symbol: this.symbol, strategy: strategy.name, attempt };
      publisher.publish('strategy.restarted', restarted, id);
    });
    this.pauseAtObstacle(id);
  }
}

/** The stack down to the actor: what lies below depends on who runs the market, not on what went wrong. */
function detailsOf(error: unknown): { name: string; message: string; stack?: string } {
  if (!(error instanceof Error)) return { name: 'NonError', message: String(error) };
  const { name, message, stack } = error;
  if (stack === undefined) return { name, message };
  const lines = stack.split('\n');
  const actor = lines.findIndex((line) => line.includes('at SymbolActor.'));
  return { name, message, stack: lines.slice(0, actor < 0 ? lines.length : actor + 1).join('\n') };
}
