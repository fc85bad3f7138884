import { EventEmitter2 } from '@nestjs/event-emitter';
import { type AnyEvent, EVENT_TYPES } from '@opensqt/trading-events';
import { RECORDED_DAY, keptOf, load, take } from '../load';
import { labelOf } from './fold.benchmark';
import { type Row, compare } from './measure';
import { observedApplication, settled } from './observed-application';
import { promClientApplication } from './prom-client-listener';

/** Few in a round, many rounds: an event is published as soon as it is made, while the processor still has it at hand. */
const EVENTS = 2_000;
const ROUNDS = 150;

/** From `emit` until the metrics hold the event, through the whole module, against prom-client's own calls and a bare listener. */
export async function publishRows(): Promise<readonly Row[]> {
  const application = await observedApplication();
  const byHand = await promClientApplication();
  const bare = bareListener();
  const rowsOf = (what: string, calls: string, aim: number, kept: 'live' | 'log') => {
    const flow = load({ mix: keptOf(RECORDED_DAY, kept) });
    let fresh: readonly AnyEvent[] = [];
    const emitTo = (emitter: EventEmitter2) => (): void => {
      for (const event of fresh) emitter.emit(event.type, event);
    };
    const prepare = async (): Promise<void> => {
      await settled(application);
      fresh = take(flow, EVENTS);
    };
    return compare({
      what,
      subject: { prepare, run: emitTo(application.get(EventEmitter2)) },
      floors: [
        { name: `@OnEvent with ${calls}`, run: emitTo(byHand.get(EventEmitter2)), budget: 1 },
        { name: 'a bare listener', run: emitTo(bare), budget: aim, isAim: true },
      ],
      operations: EVENTS,
      rounds: ROUNDS,
    });
  };
  const rows = [
    ...(await rowsOf('emit a live event of the recorded day', 'one call of prom-client', 5, 'live')),
    ...(await rowsOf('emit a logged event of the day', 'the calls for its metrics', 15, 'log')),
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
    emitter.on(type, (event: AnyEvent) => {
      const label = labelOf(event);
      const count = counts.get(label);
      if (count === undefined) counts.set(label, { value: 1 });
      else count.value += 1;
    });
  }
  return emitter;
}
