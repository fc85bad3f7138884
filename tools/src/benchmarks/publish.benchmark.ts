import { EventEmitter2 } from '@nestjs/event-emitter';
import { EVENT_CATALOGUE, EVENT_TYPES, type AnyEvent, randomIds } from '@opensqt/trading-events';
import { type Row, compare } from './measure';
import { observedApplication, settled } from './observed-application';
import { promClientApplication } from './prom-client-listener';
import { recordedDay } from './recorded-day';

/** Few in a round, many rounds: an event is published as soon as it is made, while the processor still has it at hand. */
const EVENTS = 2_000;
const ROUNDS = 150;

/** From `emit` until the metrics hold the event, through the whole module, against prom-client's own calls and a bare listener. */
export async function publishRows(): Promise<readonly Row[]> {
  const application = await observedApplication();
  const byHand = await promClientApplication();
  const observed = application.get(EventEmitter2);
  const listener = byHand.get(EventEmitter2);
  const bare = bareListener();
  const rowsOf = (what: string, calls: string, aim: number, events: readonly AnyEvent[]) => {
    let fresh: readonly AnyEvent[] = [];
    const emitAll = (emitter: EventEmitter2) => (): void => {
      for (const event of fresh) emitter.emit(event.type, event);
    };
    return compare({
      what,
      subject: {
        prepare: async () => {
          await settled(application);
          fresh = withFreshIds(events);
        },
        run: emitAll(observed),
      },
      floors: [
        { name: `@OnEvent with ${calls}`, run: emitAll(listener), budget: 1 },
        { name: 'a bare listener', run: emitAll(bare), budget: aim, isAim: true },
      ],
      operations: EVENTS,
      rounds: ROUNDS,
    });
  };
  const day = recordedDay(8_192);
  const kept = (where: 'live' | 'log') => day.filter(({ type }) => EVENT_CATALOGUE[type].kept === where);
  const rows = [
    ...(await rowsOf('emit a live event of the recorded day', 'one call of prom-client', 5, kept('live'))),
    ...(await rowsOf('emit a logged event of the day', 'the calls for its metrics', 15, kept('log'))),
  ];
  await application.close();
  await byHand.close();
  return rows;
}

/** Does what the least observer would: looks the label up and adds. */
function bareListener(): EventEmitter2 {
  const emitter = new EventEmitter2();
  const counts = new Map<string, { value: number }>();
  for (const type of EVENT_TYPES) {
    emitter.on(type, ({ data }: AnyEvent) => {
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

/** The events again, as new facts: the same one again would be refused. */
function withFreshIds(events: readonly AnyEvent[]): readonly AnyEvent[] {
  return Array.from({ length: EVENTS }, (_, i) => {
    const event = events[i % events.length];
    if (event === undefined) throw new Error('There are no events to publish.');
    return { ...event, id: nextId(event.occurredAt) };
  });
}
