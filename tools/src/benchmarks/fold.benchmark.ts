import { metricsProjection, ProjectedState } from '@opensqt/observability/replay';
import type { AnyEvent } from '@opensqt/trading-events';
import { load, take } from '../load';
import { type Row, compare } from './measure';

const EVENTS = 8_192;
/** The times that the events are gone through in a round. */
const TIMES = 12;

/**
 * Folding events into the metrics' state, against a bare `Map`. The floor reads the same events, since reading them from memory
 * is part of both sides: a floor that adds to one constant key is optimised into an addition of 3 ns that no program with events
 * could reach.
 */
export function foldRows(): Promise<readonly Row[]> {
  const day = take(load(), EVENTS);
  const metrics = ProjectedState.of(metricsProjection);
  const counts = new Map(day.map((event) => [labelOf(event), { value: 0 }]));
  const count = (event: AnyEvent): void => {
    const found = counts.get(labelOf(event));
    if (found !== undefined) found.value += 1;
  };
  return compare({
    what: 'fold an event of the recorded day',
    subject: { run: () => repeat(day, (event) => metrics.apply(event)) },
    floors: [{ name: 'Map.get + add', budget: 3, run: () => repeat(day, count) }],
    operations: EVENTS * TIMES,
  });
}

/** The label that a bare observer would count the event by. */
export function labelOf({ data }: AnyEvent): string {
  const { symbol, operation = '' } = data as unknown as Readonly<Record<string, string | undefined>>;
  return symbol ?? operation;
}

function repeat(events: readonly AnyEvent[], work: (event: AnyEvent) => void): void {
  for (let times = 0; times < TIMES; times++) for (const event of events) work(event);
}
