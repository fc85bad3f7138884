import { metricsProjection, ProjectedState } from '@opensqt/observability/replay';
import type { AnyEvent } from '@opensqt/trading-events';
import { type Floor, type Row, type Side, compare } from './measure';
import { recordedDay } from './recorded-day';

const EVENTS = 100_000;
const BUDGET = 2;

/** Folding events into the metrics' state, against a bare `Map`. */
export function foldRows(): Promise<readonly Row[]> {
  const day = recordedDay(8_192);
  return compare({
    what: 'fold an event of the recorded day',
    subject: fold(day),
    floors: [bareMap(day)],
    operations: EVENTS,
  });
}

function fold(events: readonly AnyEvent[]): Omit<Side, 'name'> {
  const metrics = ProjectedState.of(metricsProjection);
  return { run: () => repeat(events, EVENTS, (event) => metrics.apply(event)) };
}

/**
 * The floor reads the same events, since reading them from memory is part of both sides: a floor that adds to one constant
 * key is optimised into an addition of 3 ns that no program with events could reach.
 */
function bareMap(events: readonly AnyEvent[]): Floor {
  const counts = new Map(events.map((event) => [labelOf(event), { value: 0 }]));
  return {
    name: 'Map.get + add',
    budget: BUDGET,
    run: () =>
      repeat(events, EVENTS, (event) => {
        const count = counts.get(labelOf(event));
        if (count !== undefined) count.value += 1;
      }),
  };
}

function labelOf({ data }: AnyEvent): string | undefined {
  const { symbol, operation } = data as unknown as Readonly<Record<string, string | undefined>>;
  return symbol ?? operation;
}

function repeat<Item>(items: readonly Item[], times: number, work: (item: Item) => void): void {
  for (let done = 0; done < times;) {
    for (let i = 0; i < items.length && done < times; i++, done++) {
      const item = items[i];
      if (item !== undefined) work(item);
    }
  }
}
