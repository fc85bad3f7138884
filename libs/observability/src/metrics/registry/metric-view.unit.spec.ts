import { Logger } from '@nestjs/common';
import { createEvent } from '@opensqt/trading-events';
import { type Counter, type Gauge, type Histogram, Registry } from 'prom-client';
import { ProjectedState } from '../../projections/projection';
import { METRIC_CATALOGUE } from '../catalogue/metric-catalogue';
import { METRIC, type MetricName } from '../catalogue/metric-names';
import type { MetricsSource } from '../catalogue/metrics-source';
import { metricsProjection } from '../projection/metrics.projection';
import { metricView } from './metric-view';
import type { AnyMetric } from './registered-metrics';

const order = { symbol: 'BTCUSDT', strategy: 'grid', orderId: '1', side: 'buy' } as const;
const placed = createEvent('order.placed', {
  ...{ ...order, clientOrderId: 'c1', orderType: 'limit', quantity: '1', tickToTradeMs: 0.2 },
});
const SIDE = { symbol: 'BTCUSDT', side: 'buy' };

describe('a metric of ours, as prom-client sees it', () => {
  let metrics: ProjectedState<MetricsSource['state']>;
  let warnings: string[];

  beforeEach(() => {
    metrics = ProjectedState.of(metricsProjection);
    metrics.apply(placed);
    warnings = [];
    const keep = (message: unknown): void => void warnings.push(String(message));
    Logger.overrideLogger({ log: keep, warn: keep, error: keep });
  });

  afterEach(() => Logger.overrideLogger(new Logger()));

  function view(name: MetricName, state: () => MetricsSource['state'] = () => metrics.current) {
    const definition = METRIC_CATALOGUE.find((one) => one.name === name);
    if (definition === undefined) throw new Error(`There is no ${name}.`);
    const log = { first: 1, position: 0, queueDepth: 0, queueCapacity: 0, refused: 0, writerRestarts: 0 };
    return metricView(definition, () => ({
      ...{ state: state(), now: 0, rejections: [], version: '1' },
      log: { ...log, lagMs: 0, appendMs: 0 },
    }));
  }

  it('gives what the events say at the moment that it is asked', async () => {
    const active = view(METRIC.orders.active) as Gauge;
    expect((await active.get()).values).toEqual([
      { labels: SIDE, value: 1 },
      { labels: { ...SIDE, side: 'sell' }, value: 0 },
    ]);
    metrics.apply(createEvent('order.canceled', { ...order, reason: 'requote' }));
    expect((await active.get()).values[0]?.value).toBe(0);
  });

  it('gives a histogram by its cumulative buckets, sum and count', async () => {
    const { values } = await (view(METRIC.latency.tickToTrade) as Histogram).get();
    const counts = values
      .filter(({ metricName }) => metricName?.endsWith('_bucket'))
      .map(({ value }) => value);
    expect(counts).toEqual([0, 0, ...counts.slice(2).map(() => 1)]);
    expect(values.slice(-2)).toEqual([
      { labels: { symbol: 'BTCUSDT' }, value: 0.2, metricName: 'market_maker_latency_tick_to_trade_ms_sum' },
      { labels: { symbol: 'BTCUSDT' }, value: 1, metricName: 'market_maker_latency_tick_to_trade_ms_count' },
    ]);
  });

  it.each<[string, MetricName, (metric: never) => unknown]>([
    [
      'inc() on a counter',
      METRIC.orders.placed,
      (metric: Counter) => metric.inc({ ...SIDE, type: 'limit' }, 5),
    ],
    [
      'inc() on its child',
      METRIC.orders.placed,
      (metric: Counter) => metric.labels('A', 'buy', 'limit').inc(),
    ],
    ['set() on a gauge', METRIC.orders.active, (metric: Gauge) => metric.set(SIDE, 5)],
    ['dec() on its child', METRIC.orders.active, (metric: Gauge) => metric.labels(SIDE).dec()],
    ['a timer of a gauge', METRIC.orders.active, (metric: Gauge) => metric.startTimer(SIDE)()],
    ['observe() on a histogram', METRIC.latency.tickToTrade, (metric: Histogram) => metric.observe(5)],
    [
      'observe() on its child',
      METRIC.latency.tickToTrade,
      (metric: Histogram) => metric.labels('A').observe(5),
    ],
    [
      'a timer of its child',
      METRIC.latency.tickToTrade,
      (metric: Histogram) => metric.labels('A').startTimer()(),
    ],
  ])('ignores %s, and warns once', async (_, name, call) => {
    const metric = view(name);
    const before = await metric.get();
    call(metric as never);
    call(metric as never);
    expect(await metric.get()).toEqual(before);
    expect(warnings).toEqual([expect.stringMatching(`^${name} is a view of what the events say`)]);
  });

  it('is without samples while it cannot be read, beside metrics that can', async () => {
    const registry = new Registry();
    const unreadable = (): never => {
      throw new Error('unreadable');
    };
    registry.registerMetric(view(METRIC.orders.active, unreadable) as AnyMetric);
    registry.registerMetric(view(METRIC.orders.placed) as AnyMetric);
    const text = await registry.metrics();
    expect(text).toContain('# TYPE market_maker_orders_active gauge\n\n');
    expect(text).toContain('market_maker_orders_placed_total{symbol="BTCUSDT",side="buy",type="limit"} 1');
    expect(warnings).toEqual([expect.stringContaining('market_maker_orders_active could not be read')]);
  });
});
