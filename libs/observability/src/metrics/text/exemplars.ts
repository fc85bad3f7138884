import type { LogRecord } from '@opensqt/event-log';
import { METRIC, type MetricName } from '../catalogue/metric-names';
import type { Exemplar } from './open-metrics';

/** One count of a series. Its labels are in the order in which the metric declares them. */
interface Counted {
  readonly metric: MetricName;
  readonly labels: readonly string[];
  readonly value: number;
}

/** Series that exemplars are kept for: far more than a bot has. */
const MAX_SERIES = 10_000;

/** The last committed events that counters and buckets of histograms count. */
export class Exemplars {
  private readonly bySeries = new Map<string, Exemplar>();

  /** @param boundsOf the buckets of a histogram; undefined for other metrics */
  constructor(private readonly boundsOf: (metric: MetricName) => readonly number[] | undefined) {}

  /** Keeps the event for what it counts. */
  add(record: LogRecord): void {
    const { position, event } = record;
    for (const { metric, labels, value } of countedBy(event)) {
      const bound = this.boundsOf(metric)?.findIndex((each) => value <= each);
      const key = keyOf(metric, labels, bound);
      if (!this.bySeries.has(key) && this.bySeries.size >= MAX_SERIES) continue;
      this.bySeries.set(key, { position, value, at: event.occurredAt });
    }
  }

  /** @param bucket of a histogram: its place, and -1 above the last bound */
  of(metric: string, labels: readonly string[], bucket?: number): Exemplar | undefined {
    return this.bySeries.get(keyOf(metric, labels, bucket));
  }
}

function keyOf(metric: string, labels: readonly string[], bucket = 0): string {
  return [metric, bucket, ...labels].join('\n');
}

function* countedBy({ type, data }: LogRecord['event']): Iterable<Counted> {
  switch (type) {
    case 'order.placed': {
      const { symbol, side, orderType, tickToTradeMs } = data;
      yield { metric: METRIC.orders.placed, labels: [symbol, side, orderType], value: 1 };
      if (tickToTradeMs !== undefined)
        yield { metric: METRIC.latency.tickToTrade, labels: [symbol], value: tickToTradeMs };
      return;
    }
    case 'order.filled':
      yield { metric: METRIC.orders.filled, labels: [data.symbol, data.side], value: 1 };
      yield { metric: METRIC.volume, labels: [data.symbol], value: Number(data.quantity) };
      return;
    case 'strategy.panicked':
      yield { metric: METRIC.strategyPanics, labels: [data.symbol, data.strategy], value: 1 };
      return;
    case 'alert.raised':
      yield { metric: METRIC.alerts.raised, labels: [data.condition, data.notice.level], value: 1 };
      return;
    case 'delivery.succeeded':
      yield { metric: METRIC.alerts.deliveries, labels: [data.channel, 'delivered'], value: 1 };
      yield { metric: METRIC.alerts.deliveryLatency, labels: [data.channel], value: data.latencyMs };
      return;
    case 'delivery.failed':
      yield { metric: METRIC.alerts.deliveries, labels: [data.channel, data.outcome], value: 1 };
      return;
    case 'delivery.abandoned':
      yield { metric: METRIC.alerts.deliveries, labels: [data.channel, 'abandoned'], value: 1 };
      return;
    default:
  }
}
