import { MemoryEventLog } from '@opensqt/event-log';
import { EVENT_CATALOGUE, type TradingEvent } from '@opensqt/trading-events';
import fc from 'fast-check';
import { healthProjection } from '../health/health.projection';
import { metricsProjection } from '../metrics/projection/metrics.projection';
import { CommittedProjections } from './committed-projections';
import { ProjectedState, type Projection } from './projection';
import { copiedState, encodedState } from './state-text';
import { anyEvents } from '../ingest/testing/arbitrary-events';

const PROJECTIONS = [metricsProjection, healthProjection] as unknown as Projection<unknown>[];
const BY_HAND = { events: Infinity, intervalMs: 1_000_000 };
const STEPS = ['tell', 'tell', 'tell', 'tell', 'tell and be refused', 'let commit', 'snapshot'] as const;

const isLogged = ({ type }: TradingEvent): boolean => EVENT_CATALOGUE[type].kept === 'log';
const isAlert = ({ source }: TradingEvent): boolean => source === 'alerts';

/** What a snapshot at `position` must hold, of everything that was told until then. */
function heldAt(
  position: number,
  told: readonly TradingEvent[],
  positions: ReadonlyMap<string, number>,
): readonly TradingEvent[] {
  const committed = (event: TradingEvent): boolean => (positions.get(event.id) ?? Infinity) <= position;
  const ours = (event: TradingEvent): boolean => isLogged(event) && !isAlert(event);
  const last = told.findLastIndex((event) => ours(event) && committed(event));
  const waiting = told.findIndex((event, index) => index > last && ours(event));
  const end = waiting < 0 ? told.length : waiting;
  return told.filter((event, index) => (isLogged(event) ? committed(event) : index < end));
}

/** The state's text, with maps in the order of their keys: alerts' own events may be folded a little later. */
function canonical(projection: Projection<unknown>, state: unknown): string {
  const sorted = (value: unknown): unknown => {
    if (!Array.isArray(value)) return value;
    const entries = value.map(sorted);
    const keyed = entries.every((entry) => Array.isArray(entry) && typeof entry[0] === 'string');
    return keyed ? entries.sort((a, b) => (String(a) < String(b) ? -1 : 1)) : entries;
  };
  const encoded = JSON.parse(encodedState(projection, state)) as Readonly<Record<string, unknown>>;
  return JSON.stringify(Object.entries(encoded).map(([field, value]) => [field, sorted(value)]));
}

function foldOf(projection: Projection<unknown>, events: readonly TradingEvent[]): string {
  const projected = ProjectedState.of(projection);
  for (const event of events) projected.apply(event);
  return canonical(projection, projected.current);
}

class Witness {
  readonly warnings: string[] = [];
  warn(message: string): void {
    this.warnings.push(message);
  }
}

describe('a snapshot, whatever is told, refused and committed around it', () => {
  it('holds the logged events up to its position and the live ones among them, each once and in their order', () =>
    fc.assert(
      fc.asyncProperty(
        anyEvents(50),
        fc.array(fc.constantFrom(...STEPS), { minLength: 60, maxLength: 60 }),
        async (events, steps) => {
          const log = new MemoryEventLog();
          const witness = new Witness();
          const committed = new CommittedProjections(PROJECTIONS, log, witness);
          await committed.restore();
          committed.follow(BY_HAND);
          const told: TradingEvent[] = [];
          const left = [...events];
          let checked = 0;

          const checkSnapshot = async (): Promise<void> => {
            await committed.snapshot();
            const positions = new Map<string, number>();
            for await (const records of log.read()) {
              for (const record of records) positions.set(record.event.id, record.position);
            }
            for (const projection of PROJECTIONS) {
              const [snapshot] = await log.snapshots(projection.name);
              if (snapshot === undefined || snapshot.position === checked) continue;
              const state = projection.decode(JSON.parse(snapshot.state) as Record<string, unknown>);
              expect(canonical(projection, state)).toBe(
                foldOf(projection, heldAt(snapshot.position, told, positions)),
              );
            }
            checked = (await log.snapshots('metrics'))[0]?.position ?? 0;
          };

          for (const step of steps) {
            if (step === 'let commit') await new Promise((resolve) => setImmediate(resolve));
            else if (step === 'snapshot') await checkSnapshot();
            else {
              const event = left.shift();
              if (event === undefined) continue;
              told.push(event);
              if (!isAlert(event)) committed.emitted(event);
              if (isLogged(event) && (step === 'tell' || isAlert(event))) void log.append([event]);
            }
          }
          await log.flush();
          await committed.close();
          await checkSnapshot();
          expect(checked).toBe(log.status().position);
          expect(witness.warnings).toEqual([]);
          await log.close();
        },
      ),
      { numRuns: 150 },
    ));
});

describe('a projection that is asked for', () => {
  it('is given as a copy that goes its own way', async () => {
    const committed = new CommittedProjections(PROJECTIONS, new MemoryEventLog(), new Witness());
    const copy = committed.stateOf(healthProjection);
    copy.trading.add('BTCUSDT');
    expect(committed.stateOf(healthProjection).trading.size).toBe(0);
    expect(copiedState(healthProjection, copy)).toEqual(copy);
  });

  it('must be one that is kept', () => {
    const committed = new CommittedProjections([], new MemoryEventLog(), new Witness());
    expect(() => committed.stateOf(healthProjection)).toThrow('No projection health is kept.');
  });
});
