import { type LogRecord, type Snapshot, snapshotChecksum } from '@opensqt/event-log';
import { EVENT_CATALOGUE, type AnyEvent, parseEvent } from '@opensqt/trading-events';
import fc from 'fast-check';
import { alertsProjection } from '../alerts/model/alerts.projection';
import { healthProjection } from '../health/health.projection';
import { ProjectedState, type Projection } from './projection';
import { startingPoint } from './snapshot-choice';
import { encodedState, stateText } from './state-text';
import { anyEvent, anyEvents } from '@opensqt/trading-events/testing/events';
import { metricsProjection } from '../metrics/projection/metrics.projection';
import { renderMetrics } from '../metrics/text/render-metrics';
import { summaryProjection } from '../summary/summary.projection';

const PROJECTIONS = [
  metricsProjection,
  healthProjection,
  alertsProjection,
  summaryProjection,
] as unknown as Projection<unknown>[];

function recordsOf(events: readonly AnyEvent[]): readonly LogRecord[] {
  return events.map((event, index) => ({
    position: index + 1,
    committedAt: 0,
    bot: 'opensqt',
    writer: 'opensqt',
    event,
  }));
}

function folded(projection: Projection<unknown>, records: readonly LogRecord[]): ProjectedState<unknown> {
  const projected = ProjectedState.of(projection);
  for (const record of records) projected.foldLogged(record, 'opensqt');
  return projected;
}

async function snapshotOf({ projection, current, position }: ProjectedState<unknown>): Promise<Snapshot> {
  const { name, version } = projection;
  const snapshot = { projection: name, version, position, state: await stateText(projection, current) };
  return { ...snapshot, checksum: snapshotChecksum(snapshot) };
}

describe('the events that these properties are checked with', () => {
  it('are such as the boundary admits', () => {
    fc.assert(
      fc.property(anyEvent(), (event) => {
        expect(parseEvent(event)).toBe(event);
      }),
    );
  });
});

describe.each(PROJECTIONS.map((projection) => [projection.name, projection] as const))(
  'the %s projection',
  (_, projection) => {
    it('comes to the same state from a snapshot and the rest as from all events, wherever the cut is', () =>
      fc.assert(
        fc.asyncProperty(anyEvents(80), fc.nat(80), fc.nat(80), async (events, cut, repeated) => {
          const records = recordsOf(events.filter(({ type }) => EVENT_CATALOGUE[type].kept === 'log'));
          const at = Math.min(cut, records.length);
          const before = folded(projection, records.slice(0, at));
          const start = startingPoint(projection, [await snapshotOf(before)], records.length);
          expect(start).toMatchObject({ position: at, refusals: [] });

          const resumed = ProjectedState.of(projection);
          resumed.resume(start.state, start.position);
          for (const record of records.slice(Math.max(0, at - repeated)))
            resumed.foldLogged(record, 'opensqt');

          const whole = folded(projection, records);
          expect(encodedState(projection, resumed.current)).toBe(encodedState(projection, whole.current));
          expect(resumed.position).toBe(whole.position);
        }),
        { numRuns: 200 },
      ));

    it('refuses to go on over a gap, and says what is missing', () => {
      const records = recordsOf(
        Array.from({ length: 6 }, (_, i) => ({ ...fc.sample(anyEvent(), 1)[0], id: `e${i}` }) as AnyEvent),
      );
      const projected = folded(projection, records.slice(0, 2));
      const [, , , fourth, , sixth] = records;
      expect(() => fourth && projected.foldLogged(fourth, 'opensqt')).toThrow(
        /The event log lacks position 3:/,
      );
      expect(() => sixth && projected.foldLogged(sixth, 'opensqt')).toThrow(
        /The event log lacks positions 3 to 5:/,
      );
      expect(projected.position).toBe(2);
    });

    it('goes back to the older snapshot and then to nothing, and says why', async () => {
      const records = recordsOf(fc.sample(anyEvents(60), { numRuns: 1, seed: 7 })[0] ?? []);
      const [older, newer] = await Promise.all(
        [10, 20].map((at) => snapshotOf(folded(projection, records.slice(0, at)))),
      );
      if (older === undefined || newer === undefined) throw new Error('no snapshots');
      const flipped = { ...newer, state: newer.state.replace('{', '[') };

      const one = startingPoint(projection, [flipped, older], 60);
      expect(one.position).toBe(10);
      expect(one.refusals).toEqual([
        `The ${projection.name} snapshot at position 20 is not used: its checksum does not fit: it is damaged.`,
      ]);
      const both = startingPoint(projection, [flipped, { ...older, position: 9 }], 60);
      expect(both).toMatchObject({ position: 0, refusals: [expect.anything(), expect.anything()] });
      expect(encodedState(projection, both.state)).toBe(encodedState(projection, projection.initial()));
    });

    it('uses no snapshot of another version, beyond the end of the log, or that it cannot read', async () => {
      const snapshot = await snapshotOf(ProjectedState.of(projection));
      const sealed = (change: Partial<Snapshot>): Snapshot => {
        const changed = { ...snapshot, ...change };
        return { ...changed, checksum: snapshotChecksum(changed) };
      };
      const refusals = (one: Snapshot): readonly string[] => startingPoint(projection, [one], 5).refusals;
      expect(refusals(sealed({ version: projection.version + 1 }))[0]).toContain('was made by version');
      expect(refusals(sealed({ position: 6 }))[0]).toContain('the log ends before it, at position 5');
      expect(refusals(sealed({ state: '{}' }))[0]).toContain("it can't be read");
      expect(refusals(sealed({ position: 5 }))).toEqual([]);
    });
  },
);

describe('a snapshot of the metrics', () => {
  it('renders as what it was made of, live events and exact sums included', () =>
    fc.assert(
      fc.asyncProperty(anyEvents(60), async (events) => {
        const before = folded(metricsProjection as unknown as Projection<unknown>, recordsOf(events));
        const after = startingPoint(metricsProjection, [await snapshotOf(before)], events.length);
        const log = {
          position: 0,
          queueDepth: 0,
          queueCapacity: 0,
          refused: 0,
          first: 1,
          writerRestarts: 0,
          lagMs: 0,
          appendMs: 0,
        };
        const text = (state: unknown): Promise<string> =>
          renderMetrics({ state: state as typeof after.state, now: 0, log, rejections: [], version: 'x' });
        expect(await text(after.state)).toBe(await text(before.current));
      }),
      { numRuns: 50 },
    ));

  it('is written in slices that give others their turn', async () => {
    const placed = EVENT_CATALOGUE['order.placed'];
    const metrics = ProjectedState.of(metricsProjection);
    for (let i = 0; i < 20_000; i++) {
      const data = {
        symbol: `S${i % 500}`,
        strategy: 'grid',
        orderId: `o${i}`,
        clientOrderId: `c${i}`,
        side: 'buy',
      };
      const order = { ...data, orderType: 'limit', price: '1', quantity: '1' };
      const event = {
        id: `e${i}`,
        type: 'order.placed',
        version: 1,
        source: placed.source,
        occurredAt: i,
        data: order,
      };
      metrics.apply(event as unknown as AnyEvent);
    }
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const text = await stateText(metricsProjection, metrics.current);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(0);
    expect(text).toBe(encodedState(metricsProjection, metrics.current));
  });
});
