import type { EventPublisher } from '../event-publisher';
import type { Trade } from '../market/market-event';
import type { CancelTask, MarketScheduler } from '../market/market-scheduler';
import { type MarketRules, marketRules } from '../market/market-rules';
import type { OrderExecutor } from '../order-executor/order-executor';
import type { PositionManager } from '../position-manager/position-manager';
import type { Fill } from '../remote-exchange/exchange-port';
import type { RiskMonitor } from '../risk-monitor/risk-monitor';
import type { PriceTick, Strategy, Target } from '../strategy/strategy';
import { type RestartState, nextRestart } from './restart-policy';

export interface SymbolActorOptions {
  readonly symbol: string;
  readonly tickSize?: string | undefined;
  readonly lotSize?: string | undefined;
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

/** Trades one symbol. What goes wrong in its strategy stays here. */
export class SymbolActor<State = unknown> {
  readonly symbol: string;
  panics = 0;
  private state: State;
  private rules: MarketRules | undefined;
  private tickSize = 0;
  private lastPrice: { readonly text: string; readonly eventId: string } | undefined;
  private restarts: RestartState | undefined;
  private pendingRestart: CancelTask | undefined;
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
    if (target === undefined || !this.mayQuote()) return;
    const { executor, risk } = this.ports;
    const orders = target.orders.filter(({ side, price, quantity }) =>
      risk.permits({ symbol: this.symbol, side, notional: price * quantity }),
    );
    const rules = (this.rules ??= marketRules(tick.price, this.options));
    executor.reconcile({ ...target, orders }, rules, { causationId, arrivedAt });
  }

  onFill(fill: Fill): void {
    const filled = this.ports.executor.onFill(fill);
    if (filled === undefined) return;
    const changed = this.ports.positions.onFill(filled);
    this.ports.risk.onPositionChanged(changed, fill.orderId);
  }

  /** Without both streams nothing is quoted: prices or fills would be missed. */
  setConnected(connected: boolean): void {
    this.connected = connected;
  }

  /** Withdraws the orders: without prices they stand on what the market was. */
  onMarketDataLost(eventId: string | undefined): void {
    if (eventId !== undefined) this.ports.risk.onMarketDataLost(this.symbol, eventId);
    this.withdraw('market_data_lost', eventId);
  }

  onMarketDataRestored(): void {
    this.ports.risk.onMarketDataRestored(this.symbol);
  }

  /** Cancels all of the symbol's orders. */
  withdraw(reason: string, causationId?: string): void {
    void this.ports.executor.cancelAll(reason, causationId);
  }

  /** Compares our orders with the venue's, and cancels those that should not stand. Called at an interval. */
  heartbeat(): void {
    if (this.mayQuote()) this.ports.executor.compareWithVenue();
    else if (this.ports.executor.hasOrders && this.connected) this.withdraw('not_quoting');
    else this.ports.executor.compareWithVenue();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.pendingRestart?.();
    await this.ports.executor.cancelAll('shutdown');
  }

  private mayQuote(): boolean {
    const running = this.pendingRestart === undefined && !this.stopping;
    const clear = this.connected && this.ports.executor.isReconciled;
    return running && clear && !this.ports.risk.halts(this.symbol);
  }

  /** The id of the price's event; that of the last one when the price did not move. */
  private updatePrice({ price }: Trade): string {
    if (this.lastPrice?.text === price) return this.lastPrice.eventId;
    const { id } = this.ports.publisher.publish('price.updated', { symbol: this.symbol, price });
    this.lastPrice = { text: price, eventId: id };
    return id;
  }

  private ask(tick: PriceTick): Target | undefined {
    const { strategy, positions } = this.ports;
    try {
      this.rules ??= marketRules(tick.price, this.options);
      this.tickSize ||= this.rules.tickSize.toNumber();
      this.state = strategy.evolve(this.state, tick);
      const position = positions.view(this.symbol).size;
      return strategy.decide(this.state, { price: tick.price, tickSize: this.tickSize, position });
    } catch (error) {
      this.panic(error);
      return undefined;
    }
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
