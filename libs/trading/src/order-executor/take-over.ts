import type { EventOf, TokenBucket } from '@opensqt/trading-events';
import type { EventPublisher, TradingLogger } from '../event-publisher';
import type { ExchangePort, Fill } from '../remote-exchange/exchange-port';
import type { LeftOrder } from '../resume/resume';
import { type RetryPolicy, retrying } from './retry';

export interface TakeOverPorts {
  readonly exchange: ExchangePort;
  readonly publisher: EventPublisher;
  readonly rateLimit: TokenBucket;
  readonly retry: RetryPolicy;
  readonly logger: TradingLogger;
}

/**
 * Reconciles the orders of one symbol that an earlier run left: asks the venue which orders stand, cancels all of them, also
 * those that were placed and not yet written down when the run ended, and states what became of each that was known.
 */
export class TakeOver {
  private readonly left: ReadonlyMap<string, LeftOrder>;
  private readonly open: Set<string>;
  private reconciling: Promise<void> | undefined;
  private done = false;

  constructor(
    private readonly symbol: string,
    left: readonly LeftOrder[],
    private readonly ports: TakeOverPorts,
  ) {
    this.left = new Map(left.map((order) => [order.orderId, order]));
    this.open = new Set(this.left.keys());
  }

  /** True once no order of an earlier run stands at the venue. */
  get isDone(): boolean {
    return this.done;
  }

  /** True for an order that was left. */
  has(orderId: string): boolean {
    return this.left.has(orderId);
  }

  /** One attempt; {@link isDone} says its success. */
  reconcile(): Promise<void> {
    if (this.done) return Promise.resolve();
    this.reconciling ??= this.reconcileWithVenue().finally(() => (this.reconciling = undefined));
    return this.reconciling;
  }

  /** Records a fill of an order that was left, also a late one: it changes the position as any fill does. */
  onFill(fill: Fill): EventOf<'order.filled'> | undefined {
    const order = this.left.get(fill.orderId);
    if (order === undefined) return undefined;
    if (Number(fill.remaining) === 0) this.open.delete(fill.orderId);
    const { orderId, fillId, side, price, quantity, remaining, fee, feeAsset } = fill;
    const { symbol, strategy } = order;
    const filled = { symbol, strategy, orderId, fillId, side, price, quantity, remaining, fee, feeAsset };
    return this.ports.publisher.publish('order.filled', filled);
  }

  private async reconcileWithVenue(): Promise<void> {
    const { exchange, rateLimit, retry, logger } = this.ports;
    try {
      const standing = await retrying(retry, () => exchange.openOrders(this.symbol));
      const ids = new Set(standing.map(({ orderId }) => orderId));
      for (const orderId of this.left.keys())
        if (!ids.has(orderId)) this.ended(orderId, 'not_found_at_venue');
      for (const orderId of ids) {
        rateLimit.consume();
        const result = await retrying(retry, () => exchange.cancelOrder(this.symbol, orderId));
        this.ended(orderId, result === 'canceled' ? 'restart' : 'not_found_at_venue');
      }
      this.done = true;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      logger.warn(`${this.symbol}: nothing is quoted until the venue answers which orders are open: ${why}`);
    }
  }

  private ended(orderId: string, reason: string): void {
    const order = this.left.get(orderId);
    if (order === undefined || !this.open.delete(orderId)) return;
    this.ports.publisher.publish('order.canceled', { ...order, reason });
  }
}
