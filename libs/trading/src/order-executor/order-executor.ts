import type { DecimalString, EventOf, Random, Side, TokenBucket } from '@opensqt/trading-events';
import type { EventPublisher, TradingLogger } from '../event-publisher';
import type { MarketScheduler } from '../market/market-scheduler';
import type { MarketRules } from '../market/market-rules';
import { Decimal, plain } from '../market/money';
import type { LeftOrder } from '../resume/resume';
import type { ExchangePort, Fill, PlaceResult, VenueOrder } from '../remote-exchange/exchange-port';
import type { RestingOrder } from '../risk-monitor/risk-ports';
import type { Target, TargetOrder } from '../strategy/strategy';
import { type WorkingOrder, reconcile } from './reconciliation';
import { type RetryPolicy, retrying } from './retry';
import { TakeOver } from './take-over';

export interface OrderExecutorOptions {
  readonly symbol: string;
  readonly strategy: string;
  /** Goes into client order ids, so that those of two runs differ. */
  readonly run: string;
  /** The symbol's orders that an earlier run left; absent when there was none. */
  readonly left?: readonly LeftOrder[] | undefined;
}

export interface OrderExecutorPorts {
  readonly exchange: ExchangePort;
  readonly publisher: EventPublisher;
  readonly scheduler: MarketScheduler;
  readonly rateLimit: TokenBucket;
  readonly random: Random;
  /** Monotonic milliseconds. */
  readonly stopwatch: () => number;
  readonly logger: TradingLogger;
}

/** The price that led to a decision. */
export interface Trigger {
  /** The id of its event. */
  readonly causationId: string | undefined;
  /** Time of its arrival, by the stopwatch. */
  readonly arrivedAt: number;
}

interface ExecutorOrder extends WorkingOrder {
  readonly clientOrderId: string;
  readonly exactPrice: string;
  readonly quantity: string;
  readonly trigger: Trigger;
  readonly tickToTradeMs: number;
  busy: boolean;
  /** Quote currency, of what is not filled yet. */
  notional: number;
  /** `unconfirmed`: the venue gave no answer; it may have the order or not. */
  state: 'sending' | 'unconfirmed' | 'open';
  orderId?: string;
  placedEventId?: string;
  cancelReason?: string;
  cancelCause?: string | undefined;
}

const RETRY_ATTEMPTS = 3;
const RETRY_FIRST_DELAY_MS = 200;

/** Brings one symbol's open orders to the target, and publishes each one's fate. */
export class OrderExecutor {
  private readonly orders = new Map<string, ExecutorOrder>();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly retry: RetryPolicy;
  private readonly left: TakeOver | undefined;
  private orderCount = 0;

  constructor(
    private readonly options: OrderExecutorOptions,
    private readonly ports: OrderExecutorPorts,
  ) {
    const { scheduler, random } = ports;
    this.retry = {
      attempts: RETRY_ATTEMPTS,
      firstDelayMs: RETRY_FIRST_DELAY_MS,
      sleep: (delayMs) => scheduler.sleep(delayMs),
      random,
    };
    const { symbol, left } = options;
    this.left = left && new TakeOver(symbol, left, { ...ports, retry: this.retry });
  }

  /** False while it is not known what became of the orders of an earlier run: nothing may be quoted beside them. */
  get isReconciled(): boolean {
    return this.left?.isDone ?? true;
  }

  get hasOrders(): boolean {
    return this.orders.size > 0;
  }

  /** Number of the orders that {@link cancelAll} would cancel: the open ones, and those on their way to the venue. */
  get cancellable(): number {
    return [...this.orders.values()].filter(({ cancelReason }) => cancelReason === undefined).length;
  }

  /** The orders that may still be filled: open, on their way to the venue, or being cancelled. */
  resting(): readonly RestingOrder[] {
    return [...this.orders.values()];
  }

  /** Reconciles with the venue what an earlier run left. A venue that does not answer is asked again at the next comparison. */
  takeOver(): void {
    if (this.left !== undefined) this.track(this.left.reconcile());
  }

  /** The exact price of the open order that is nearest to the market. */
  bestPrice(side: Side): DecimalString | undefined {
    let best: ExecutorOrder | undefined;
    for (const order of this.orders.values()) {
      if (order.side !== side || order.state !== 'open') continue;
      const isBetter =
        best === undefined || (side === 'buy' ? order.price > best.price : order.price < best.price);
      if (isBetter) best = order;
    }
    return best?.exactPrice;
  }

  /**
   * Cancels what is off the target and places what it misses, as far as the rate limit allows.
   *
   * @returns false when all of the target's orders are smaller than the market takes, so that there are none
   */
  reconcile(target: Target, rules: MarketRules, trigger: Trigger): boolean {
    const { cancel, place } = reconcile(target, this.orders.values());
    for (const order of cancel) this.cancel(order, 'requote', trigger.causationId);
    let tooSmall = 0;
    for (const wanted of place) {
      const order = this.orderFor(wanted, rules, trigger);
      if (order === undefined) {
        tooSmall += 1;
        continue;
      }
      if (!this.ports.rateLimit.tryConsume()) return true;
      this.orders.set(order.clientOrderId, order);
      this.track(this.place(order));
    }
    return tooSmall < target.orders.length;
  }

  /** Cancels everything, also what is still on its way; resolves when the venue has answered. */
  async cancelAll(reason: string, causationId?: string): Promise<void> {
    const affected = [...this.orders.values()].filter((order) => order.cancelReason === undefined);
    if (affected.length > 0) {
      for (const order of affected) markForCancel(order, reason, causationId);
      this.track(this.cancelAffected(affected));
    }
    while (this.inFlight.size > 0) await Promise.allSettled(this.inFlight);
  }

  /** Records a fill; it may come before the venue's answer to the placing. */
  onFill(fill: Fill): EventOf<'order.filled'> | undefined {
    const order = this.orders.get(fill.clientOrderId);
    if (order === undefined && this.left?.has(fill.orderId)) return this.left.onFill(fill);
    if (order === undefined) {
      this.ports.logger.error(
        `${this.options.symbol}: the venue reports a fill of order ${fill.orderId}, which is not known here. Compare the position with the venue's.`,
      );
      return undefined;
    }
    this.accepted(order, fill.orderId);
    order.notional = order.price * Number(fill.remaining);
    if (Number(fill.remaining) === 0) this.orders.delete(order.clientOrderId);
    const { symbol, strategy } = this.options;
    const { orderId, fillId, side, price, quantity, remaining, fee, feeAsset } = fill;
    return this.ports.publisher.publish(
      'order.filled',
      { symbol, strategy, orderId, fillId, side, price, quantity, remaining, fee, feeAsset },
      order.placedEventId,
    );
  }

  /** Compares our orders with the venue's: forgets those it does not have, cancels those that we do not know. */
  compareWithVenue(): void {
    if (!this.isReconciled) return this.takeOver();
    const before = [...this.orders.values()].filter(({ state, busy }) => state === 'unconfirmed' || !busy);
    const compare = async (): Promise<void> => {
      let listed: readonly VenueOrder[];
      try {
        listed = await this.ports.exchange.openOrders(this.options.symbol);
      } catch {
        return; // The call's outcome is published already, and the next heartbeat asks again.
      }
      const atVenue = new Map(listed.map((order) => [order.clientOrderId, order.orderId]));
      for (const order of before) {
        const orderId = atVenue.get(order.clientOrderId);
        if (order.state === 'open') {
          if (orderId === undefined && order.cancelReason === undefined)
            this.ended(order, 'not_found_at_venue');
        } else if (orderId === undefined) {
          this.ended(order);
        } else {
          this.accepted(order, orderId);
          if (order.cancelReason !== undefined) await this.cancelAtVenue(order, orderId);
        }
      }
      for (const { clientOrderId, orderId } of listed) {
        if (!this.orders.has(clientOrderId)) {
          await this.ports.exchange.cancelOrder(this.options.symbol, orderId).catch(() => undefined);
        }
      }
    };
    this.track(compare());
  }

  private orderFor(wanted: TargetOrder, rules: MarketRules, trigger: Trigger): ExecutorOrder | undefined {
    const rounding = wanted.side === 'buy' ? Decimal.ROUND_DOWN : Decimal.ROUND_UP;
    const price = new Decimal(wanted.price).toNearest(rules.tickSize, rounding);
    const quantity = new Decimal(wanted.quantity).toNearest(rules.lotSize, Decimal.ROUND_DOWN);
    const notional = price.times(quantity);
    if (!notional.gt(0) || notional.lt(rules.minNotional)) return undefined;
    const { symbol, run } = this.options;
    return {
      side: wanted.side,
      level: wanted.level,
      price: wanted.price,
      busy: true,
      state: 'sending',
      notional: notional.toNumber(),
      clientOrderId: `${symbol}-${run}-${++this.orderCount}`,
      exactPrice: plain(price),
      quantity: plain(quantity),
      trigger,
      tickToTradeMs: Math.max(0, this.ports.stopwatch() - trigger.arrivedAt),
    };
  }

  private async place(order: ExecutorOrder): Promise<void> {
    const { clientOrderId, side, exactPrice, quantity } = order;
    const { symbol, strategy } = this.options;
    const request = {
      symbol,
      clientOrderId,
      side,
      orderType: 'post_only' as const,
      price: exactPrice,
      quantity,
    };
    let answer: PlaceResult;
    try {
      answer = await retrying(
        this.retry,
        () => this.ports.exchange.placeOrder(request),
        () => order.cancelReason === undefined,
      );
    } catch (error) {
      if (order.state === 'sending') order.state = 'unconfirmed';
      this.warn(`order ${clientOrderId} could not be placed`, error);
      return;
    }
    if (this.orders.get(clientOrderId) !== order) return;
    if (answer.status === 'rejected') {
      this.orders.delete(clientOrderId);
      const { orderId, reason } = answer;
      this.ports.publisher.publish(
        'order.rejected',
        { symbol, strategy, orderId, side, reason },
        order.trigger.causationId,
      );
      return;
    }
    this.accepted(order, answer.orderId);
    if (order.cancelReason !== undefined) await this.cancelAtVenue(order, answer.orderId);
  }

  private cancel(order: ExecutorOrder, reason: string, causationId: string | undefined): void {
    if (order.cancelReason !== undefined) return;
    markForCancel(order, reason, causationId);
    if (order.orderId !== undefined) this.track(this.cancelAtVenue(order, order.orderId));
  }

  private async cancelAtVenue(order: ExecutorOrder, orderId: string): Promise<void> {
    const { exchange, rateLimit } = this.ports;
    rateLimit.consume();
    try {
      const result = await retrying(this.retry, () => exchange.cancelOrder(this.options.symbol, orderId));
      this.ended(order, result === 'canceled' ? order.cancelReason : 'not_found_at_venue');
    } catch (error) {
      unmark(order);
      this.warn(`order ${orderId} could not be cancelled`, error);
    }
  }

  private async cancelAffected(affected: readonly ExecutorOrder[]): Promise<void> {
    const { exchange, rateLimit } = this.ports;
    const sent = affected.filter((order) => order.state === 'open');
    rateLimit.consume();
    try {
      const canceled = new Set(await retrying(this.retry, () => exchange.cancelAll(this.options.symbol)));
      for (const order of affected) {
        if (order.orderId !== undefined && canceled.has(order.orderId)) this.ended(order, order.cancelReason);
      }
      for (const order of sent) this.ended(order, 'not_found_at_venue');
    } catch (error) {
      for (const order of affected) unmark(order);
      this.warn('open orders could not be cancelled', error);
    }
  }

  private accepted(order: ExecutorOrder, orderId: string): void {
    if (order.orderId !== undefined) return;
    order.orderId = orderId;
    order.state = 'open';
    order.busy = order.cancelReason !== undefined;
    const { symbol, strategy } = this.options;
    const { clientOrderId, side, exactPrice, quantity, tickToTradeMs, trigger } = order;
    order.placedEventId = this.ports.publisher.publish(
      'order.placed',
      {
        symbol,
        strategy,
        orderId,
        clientOrderId,
        side,
        orderType: 'post_only',
        price: exactPrice,
        quantity,
        tickToTradeMs,
      },
      trigger.causationId,
    ).id;
  }

  private ended(order: ExecutorOrder, reason = 'canceled'): void {
    if (this.orders.get(order.clientOrderId) !== order) return;
    this.orders.delete(order.clientOrderId);
    if (order.orderId === undefined) return; // It never came to the venue: there was no order.
    const { symbol, strategy } = this.options;
    const { orderId, side } = order;
    this.ports.publisher.publish(
      'order.canceled',
      { symbol, strategy, orderId, side, reason },
      order.cancelCause ?? order.placedEventId,
    );
  }

  private track(work: Promise<void>): void {
    this.inFlight.add(work);
    void work.finally(() => this.inFlight.delete(work));
  }

  private warn(problem: string, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.ports.logger.warn(`${this.options.symbol}: ${problem}: ${why}`);
  }
}

function markForCancel(order: ExecutorOrder, reason: string, causationId: string | undefined): void {
  order.cancelReason = reason;
  order.cancelCause = causationId;
  order.busy = true;
}

function unmark(order: ExecutorOrder): void {
  delete order.cancelReason;
  delete order.cancelCause;
  order.busy = order.state !== 'open';
}
