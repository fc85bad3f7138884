import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import fc from 'fast-check';
import { type Metric, Registry } from 'prom-client';
import { ProjectedState } from '../../projections/projection';
import { metricView } from '../registry/metric-view';
import { METRIC_CATALOGUE } from '../catalogue/metric-catalogue';
import { metricsProjection } from '../projection/metrics.projection';
import type { MetricsSource } from '../catalogue/metrics-source';
import { MetricsText } from './metrics-text';
import { TimeSlice } from './time-slice';

const decimal = fc.constantFrom('0', '-0', '0.1', '-12.50', '0.30000000000000004', '1000000000000000000000');
const symbol = fc.constantFrom('BTCUSDT', 'ETH"USD\\T', 'a\nb', 'Ünï✓');
const side = fc.constantFrom('buy', 'sell');

const event: fc.Arbitrary<AnyEvent> = fc.oneof(
  symbol.map((symbol) =>
    createEvent('symbol.started', { symbol, exchange: 'paper', strategy: 'grid' }, { occurredAt: 1 }),
  ),
  symbol.map((symbol) => createEvent('symbol.stopped', { symbol, reason: 'operator' }, { occurredAt: 2 })),
  fc
    .record({ symbol, side, quantity: decimal, remaining: decimal })
    .map((data) =>
      createEvent(
        'order.filled',
        { ...data, strategy: 'grid', orderId: '1', fillId: '1', price: '1', fee: '0', feeAsset: 'USDT' },
        { occurredAt: 3 },
      ),
    ),
  fc
    .record({ symbol, side, orderType: fc.constantFrom('limit', 'market', 'post_only'), orderId: symbol })
    .map((data) =>
      createEvent(
        'order.placed',
        { ...data, strategy: 'grid', clientOrderId: 'c', quantity: '1', tickToTradeMs: 0.3 },
        { occurredAt: 4 },
      ),
    ),
  fc
    .record({ symbol, strategy: symbol, size: decimal, realizedPnl: decimal, unrealizedPnl: decimal })
    .map((data) => createEvent('position.changed', { ...data, entryPrice: '1' }, { occurredAt: 5 })),
  fc
    .record({ operation: symbol, durationMs: fc.constantFrom(0, 0.1, 1, 2.5, 7e21, Infinity) })
    .map((data) =>
      createEvent(
        'exchange.call_completed',
        { ...data, exchange: 'paper', outcome: 'ok' },
        { occurredAt: 6 },
      ),
    ),
);

const failing = (metric: string, error: unknown): never => {
  throw new Error(`${metric} failed`, { cause: error });
};

function sourceOf(state: MetricsSource['state'], rejected: readonly string[] = []): MetricsSource {
  const rejections = rejected.map((type) => ({ type, reason: 'bad_label', count: 1 }));
  const log = {
    position: 7,
    queueDepth: 0,
    queueCapacity: 0,
    refused: 0,
    first: 1,
    writerRestarts: 0,
    lagMs: 1e-7,
    appendMs: NaN,
  };
  return { state, now: 10, log, rejections, version: '1.0.0' };
}

async function textOf(text: MetricsText, slice = new TimeSlice(Infinity)): Promise<string> {
  const blocks: string[] = [];
  for (const { name } of METRIC_CATALOGUE) {
    let block = '';
    for await (const piece of text.pieces(name, slice)) block += piece;
    blocks.push(block);
  }
  return `${blocks.join('\n\n')}\n`;
}

/** The same state, as prom-client writes it. */
function promClientText(source: MetricsSource): Promise<string> {
  const registry = new Registry();
  for (const definition of METRIC_CATALOGUE) {
    registry.registerMetric(metricView(definition, () => source) as Metric);
  }
  return registry.metrics();
}

describe('The text of our metrics', () => {
  it('is to the letter what prom-client writes, scrape after scrape, whatever happens in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(event, { maxLength: 20 }), { maxLength: 6 }), async (scrapes) => {
        const metrics = ProjectedState.of(metricsProjection);
        const text = new MetricsText(failing);
        for (const events of scrapes) {
          for (const one of events) metrics.apply(one);
          const source = sourceOf(metrics.current, ['order.filled', 'back\\slash "quoted"\nline']);
          await text.sample(source, new TimeSlice(Infinity));
          expect(await textOf(text)).toBe(await promClientText(source));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('shows the moment at which the metrics were sampled, however long writing them lasts', async () => {
    const metrics = ProjectedState.of(metricsProjection);
    const [first] = fc.sample(
      event.filter(({ type }) => type === 'order.filled'),
      { numRuns: 1, seed: 1 },
    );
    if (first === undefined) throw new Error('no event');
    metrics.apply(first);
    const text = new MetricsText(failing);
    await text.sample(sourceOf(metrics.current), new TimeSlice(Infinity));
    const before = await textOf(text);
    metrics.apply(first);
    expect(await textOf(text, new TimeSlice(0))).toBe(before);
    await text.sample(sourceOf(metrics.current), new TimeSlice(0));
    expect(await textOf(text)).not.toBe(before);
  });

  it('leaves a metric without samples when it cannot be read, says so, and goes on with the others', async () => {
    const failed: string[] = [];
    const text = new MetricsText((metric) => failed.push(metric));
    const source = sourceOf(metricsProjection.initial());
    await text.sample(
      {
        ...source,
        get rejections(): MetricsSource['rejections'] {
          throw new Error('unreadable');
        },
      },
      new TimeSlice(Infinity),
    );
    expect(failed).toEqual(['market_maker_events_rejected_total']);
    const written = await textOf(text);
    expect(written).toMatch(/# TYPE market_maker_events_rejected_total counter\n\n/);
    expect(written).toContain('market_maker_event_log_position 7\n');
  });
});
