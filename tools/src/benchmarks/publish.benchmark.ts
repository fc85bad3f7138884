import { EventEmitter2 } from '@nestjs/event-emitter';
import { EVENT_TYPES, type TradingEvent, randomIds } from '@opensqt/trading-events';
import { type Comparison, compare } from './measure';
import { observedApplication, settled } from './observed-application';
import { ofType, recordedDay } from './recorded-day';

/** Few in a round, many rounds: an event is published as soon as it is made, while the processor still has it at hand. */
const EVENTS = 2_000;
const ROUNDS = 150;

/** From `emit` until the metrics hold the event, through the whole module, against a bare listener of the same emitter. */
export async function publishRows(): Promise<readonly (readonly string[])[]> {
  const application = await observedApplication();
  const observed = application.get(EventEmitter2);
  const bare = bareListener();
  const comparison = (what: string, events: readonly TradingEvent[]): Comparison => {
    let fresh: readonly TradingEvent[] = [];
    const emitAll = (emitter: EventEmitter2) => (): void => {
      for (const event of fresh) emitter.emit(event.type, event);
    };
    return {
      what,
      subject: {
        prepare: async () => {
          await settled(application);
          fresh = withFreshIds(events);
        },
        run: emitAll(observed),
      },
      floor: { name: 'a bare listener', run: emitAll(bare) },
      operations: EVENTS,
      rounds: ROUNDS,
      budget: 1.5,
    };
  };
  const day = recordedDay(8_192);
  const comparisons = [
    comparison('publish a price', ofType(day, 'price.updated')),
    comparison('publish an exchange call', ofType(day, 'exchange.call_completed')),
    comparison('publish an order.filled, handing it to the log', ofType(day, 'order.filled')),
    comparison('publish an event of the recorded day', day),
  ];
  const rows: (readonly string[])[] = [];
  for (const one of comparisons) rows.push(await compare(one));
  await application.close();
  return rows;
}

/** Does what the least observer would: looks the label up and adds. */
function bareListener(): EventEmitter2 {
  const emitter = new EventEmitter2();
  const counts = new Map<string, { value: number }>();
  for (const type of EVENT_TYPES) {
    emitter.on(type, ({ data }: TradingEvent) => {
      const { symbol, operation = '' } = data as unknown as Readonly<Record<string, string | undefined>>;
      const label = symbol ?? operation;
      const count = counts.get(label);
      if (count === undefined) counts.set(label, { value: 1 });
      else count.value += 1;
    });
  }
  return emitter;
}

const nextId = randomIds();

/** The events again, as new facts: one told twice would be refused. */
function withFreshIds(events: readonly TradingEvent[]): readonly TradingEvent[] {
  return Array.from({ length: EVENTS }, (_, i) => {
    const event = events[i % events.length];
    if (event === undefined) throw new Error('There are no events to publish.');
    return { ...event, id: nextId(event.occurredAt) };
  });
}
