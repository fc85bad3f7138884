import type { TradingEvent } from '@opensqt/trading-events';
import fc from 'fast-check';
import { record } from '../testing/recorded-run';
import { isHandled, resumeOf, resumeProjection } from './resume.projection';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);

type Encoded = ReturnType<typeof resumeProjection.encode>;

/** As a snapshot carries it: through JSON. */
function written(state: ReturnType<typeof resumeProjection.initial>): Encoded {
  const fields = Object.entries(resumeProjection.encode(state)).map(([name, value]) => [
    name,
    value instanceof Map ? [...value] : value,
  ]);
  return JSON.parse(JSON.stringify(Object.fromEntries(fields))) as Encoded;
}

function fold(state: ReturnType<typeof resumeProjection.initial>, events: readonly TradingEvent[]) {
  return events.filter(isHandled).reduce(resumeProjection.evolve, state);
}

describe('the state to resume from, made of a snapshot and the events after it', () => {
  let events: readonly TradingEvent[];

  beforeAll(async () => {
    // Past the flash crash of the simulated day: breakers, limits, fills, a panic.
    const run = await record({ exchange: { seed: 1 } }, {}, (event, marketMaker) => {
      if (event.occurredAt > START + 215 * MINUTE) void marketMaker.stop();
    });
    events = run.events;
  });

  it('is what all events give, wherever the cut is', () => {
    const whole = resumeOf(fold(resumeProjection.initial(), events));
    expect(whole?.positions).not.toEqual([]);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (part) => {
        const cut = Math.floor(part * events.length);
        const before = fold(resumeProjection.initial(), events.slice(0, cut));
        const restored = resumeProjection.decode(written(before));
        expect(resumeOf(restored)).toEqual(resumeOf(before));
        expect(resumeOf(fold(restored, events.slice(cut)))).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  it('is refused when its lists are none', () => {
    expect(() => resumeProjection.decode({ since: 1 })).toThrow('positions must be a list');
  });
});
