import { ProjectedState, metricsProjection } from '@opensqt/observability';
import type { EventOf, TradingEvent } from '@opensqt/trading-events';
import { type Comparison, type Side, compare } from './measure';
import { promClientFill } from './prom-client-fill';
import { ofType, recordedDay } from './recorded-day';

const EVENTS = 100_000;

/** Folding events into the metrics' state, against a bare `Map` and against prom-client's own calls. */
export async function foldRows(): Promise<readonly (readonly string[])[]> {
  const day = recordedDay(8_192);
  const calls = ofType(day, 'exchange.call_completed');
  const prices = ofType(day, 'price.updated');
  const orders = day.filter(({ type }) => type === 'order.placed' || type === 'order.canceled');
  const fills = ofType(day, 'order.filled') as readonly EventOf<'order.filled'>[];
  const changes = ofType(day, 'position.changed') as readonly EventOf<'position.changed'>[];
  const executions = changes.flatMap((change, i) => [fills[i % fills.length] ?? change, change]);
  const comparisons: Comparison[] = [
    againstMap('fold a price', prices),
    againstMap('fold an exchange call', calls),
    againstMap('fold an order placed or cancelled', orders),
    againstMap('fold an order.filled', fills),
    againstMap('fold an event of the recorded day', day),
    {
      what: 'fold a fill and the position it changed (5 metrics)',
      subject: fold(executions),
      floor: promClientFill(fills, changes, EVENTS / 2),
      operations: EVENTS / 2,
      budget: 0.04,
    },
  ];
  const rows: (readonly string[])[] = [];
  for (const comparison of comparisons) rows.push(await compare(comparison));
  return rows;
}

function againstMap(what: string, events: readonly TradingEvent[]): Comparison {
  return { what, subject: fold(events), floor: bareMap(events), operations: EVENTS, budget: 1.5 };
}

function fold(events: readonly TradingEvent[]): Omit<Side, 'name'> {
  const metrics = ProjectedState.of(metricsProjection);
  return { run: () => repeat(events, EVENTS, (event) => metrics.apply(event)) };
}

/**
 * The floor reads the same events, since reading them from memory is part of both sides: a floor that adds to one constant
 * key is optimised into an addition of 3 ns that no program with events could reach.
 */
function bareMap(events: readonly TradingEvent[]): Side {
  const counts = new Map(events.map((event) => [labelOf(event), { value: 0 }]));
  return {
    name: 'Map.get + add',
    run: () =>
      repeat(events, EVENTS, (event) => {
        const count = counts.get(labelOf(event));
        if (count !== undefined) count.value += 1;
      }),
  };
}

function labelOf({ data }: TradingEvent): string | undefined {
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
