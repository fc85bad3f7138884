import { MemoryEventLog } from '@opensqt/event-log';
import { EVENT_CATALOGUE, EVENT_TYPES, type AnyEvent } from '@opensqt/trading-events';
import fc from 'fast-check';
import { healthProjection } from '../health/health.projection';
import { metricsProjection } from '../metrics/projection/metrics.projection';
import { CommittedProjections } from './committed-projections';
import { ProjectedState, type Projection } from './projection';
import { copiedState, encodedState } from './state-text';
import { anyEvents } from '@opensqt/trading-events/testing/events';

const PROJECTIONS = [metricsProjection, healthProjection] as unknown as Projection<unknown>[];
const LOGGED = EVENT_TYPES.filter((type) => EVENT_CATALOGUE[type].kept === 'log');
const BY_HAND = { events: Infinity, intervalMs: 1_000_000 };
const STEPS = ['append', 'append', 'append', 'append again', 'let commit', 'snapshot'] as const;

/** The log's first events, folded one by one. */
function foldOf(projection: Projection<unknown>, events: readonly AnyEvent[]): string {
  const projected = ProjectedState.of(projection);
  events.forEach((event, index) => {
    projected.apply(event, index + 1);
  });
  return encodedState(projection, projected.current);
}

class Witness {
  readonly warnings: string[] = [];
  warn(message: string): void {
    this.warnings.push(message);
  }
}

describe('a snapshot, whatever is appended and committed around it', () => {
  it('holds the events of the log up to its position, each once and in their order', () =>
    fc.assert(
      fc.asyncProperty(
        anyEvents(50, LOGGED),
        fc.array(fc.constantFrom(...STEPS), { minLength: 60, maxLength: 60 }),
        async (events, steps) => {
          const log = new MemoryEventLog();
          const witness = new Witness();
          const committed = new CommittedProjections(PROJECTIONS, log, witness);
          await committed.restore();
          committed.subscribe(BY_HAND);
          const left = [...events];

          const checkSnapshot = async (): Promise<void> => {
            await committed.snapshot();
            for (const projection of PROJECTIONS) {
              const [snapshot] = await log.snapshots(projection.name);
              if (snapshot === undefined) continue;
              const held: AnyEvent[] = [];
              for await (const records of log.read({ to: snapshot.position })) {
                held.push(...records.map(({ event }) => event));
              }
              expect(snapshot.state).toBe(foldOf(projection, held));
            }
          };

          for (const step of steps) {
            if (step === 'let commit') await new Promise((resolve) => setImmediate(resolve));
            else if (step === 'snapshot') await checkSnapshot();
            else {
              const event = step === 'append' ? left.shift() : events[0];
              if (event !== undefined) void log.append([event]);
            }
          }
          await log.flush();
          await committed.close();
          await checkSnapshot();
          expect(committed.position).toBe(log.status().position);
          expect(witness.warnings).toEqual([]);
          await log.close();
        },
      ),
      { numRuns: 50 },
    ));
});

describe('a projection that is asked for', () => {
  it('is given as a copy that goes its own way', async () => {
    const committed = new CommittedProjections(PROJECTIONS, new MemoryEventLog(), new Witness());
    const copy = committed.stateOf(healthProjection);
    copy.trading.set('BTCUSDT', 1);
    expect(committed.stateOf(healthProjection).trading.size).toBe(0);
    expect(copiedState(healthProjection, copy)).toEqual(copy);
  });

  it('must be one that is kept', () => {
    const committed = new CommittedProjections([], new MemoryEventLog(), new Witness());
    expect(() => committed.stateOf(healthProjection)).toThrow('No projection health is kept.');
  });
});
