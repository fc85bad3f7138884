import type { AnyEvent } from '@opensqt/trading-events';
import type { Values } from '@opensqt/observability/replay';
import type { OpenOrder } from './load';

type OpenSubject = Pick<OpenOrder, 'symbol' | 'side'>;

const UNIT = 10n ** 18n;

/**
 * The values that the metrics must have, kept by other code than theirs: one map of series, sums of whole units, sets of open orders.
 */
export class Books {
  private readonly counts = new Map<string, number>();
  private readonly sums = new Map<string, bigint>();
  private readonly open = new Map<string, { readonly subject: OpenSubject; readonly ids: Set<string> }>();
  private readonly sizes = new Map<string, string>();

  /** Records a logged event. */
  enter(event: AnyEvent): void {
    switch (event.type) {
      case 'order.placed': {
        const { symbol, side, orderType, orderId } = event.data;
        this.count(`orders_placed_total{symbol="${symbol}",side="${side}",type="${orderType}"}`);
        this.ordersOf({ symbol, side }).add(orderId);
        return;
      }
      case 'order.filled': {
        const { symbol, side, orderId, quantity, remaining } = event.data;
        this.count(`orders_filled_total{symbol="${symbol}",side="${side}"}`);
        this.add(`volume_total{symbol="${symbol}"}`, units(quantity));
        if (units(remaining) === 0n) this.ordersOf({ symbol, side }).delete(orderId);
        return;
      }
      case 'order.canceled':
        this.ordersOf(event.data).delete(event.data.orderId);
        return;
      case 'position.changed': {
        const { symbol, strategy, size, realizedPnl } = event.data;
        const labels = `{symbol="${symbol}",strategy="${strategy}"}`;
        const realized = units(realizedPnl);
        this.add(`pnl_realized_total${labels}`, realized > 0n ? realized : 0n);
        this.add(`pnl_realized_loss_total${labels}`, realized < 0n ? -realized : 0n);
        this.add(`pnl_realized${labels}`, realized);
        this.sizes.set(`position_size{symbol="${symbol}"}`, size);
        return;
      }
      case 'strategy.panicked':
        this.count(`strategy_panics_total{symbol="${event.data.symbol}",strategy="${event.data.strategy}"}`);
        return;
      case 'alert.raised':
        this.count(
          `alerts_raised_total{condition="${event.data.condition}",level="${event.data.notice.level}"}`,
        );
        return;
      default:
        return;
    }
  }

  /** The series and their values, as `/metrics` writes them. */
  values(): Values {
    const values = new Map<string, string>();
    const put = (series: string, value: number): void =>
      void values.set(`market_maker_${series}`, String(value));
    for (const [series, count] of this.counts) put(series, count);
    for (const [series, sum] of this.sums) put(series, toNumber(sum));
    for (const [series, { ids }] of this.open) put(series, ids.size);
    for (const [series, size] of this.sizes) put(series, Number(size));
    return values;
  }

  /** The orders that are open by the log. */
  openOrders(): readonly OpenOrder[] {
    return [...this.open.values()].flatMap(({ subject: { symbol, side }, ids }) =>
      [...ids].map((orderId) => ({ symbol, side, orderId })),
    );
  }

  private ordersOf({ symbol, side }: OpenSubject): Set<string> {
    const series = `orders_active{symbol="${symbol}",side="${side}"}`;
    const orders = this.open.get(series) ?? { subject: { symbol, side }, ids: new Set() };
    this.open.set(series, orders);
    return orders.ids;
  }

  private count(series: string): void {
    this.counts.set(series, (this.counts.get(series) ?? 0) + 1);
  }

  private add(series: string, amount: bigint): void {
    this.sums.set(series, (this.sums.get(series) ?? 0n) + amount);
  }
}

/** A decimal string in units of 10^-18. */
function units(decimal: string): bigint {
  const [, sign, whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  const amount = BigInt(whole) * UNIT + BigInt(part.padEnd(18, '0'));
  return sign === '-' ? -amount : amount;
}

function toNumber(sum: bigint): number {
  const size = sum < 0n ? -sum : sum;
  const text = `${size / UNIT}.${String(size % UNIT).padStart(18, '0')}`;
  return (sum < 0n ? -1 : 1) * Number(text);
}
