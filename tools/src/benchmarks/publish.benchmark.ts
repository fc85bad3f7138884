import { join } from 'node:path';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { TestingModule } from '@nestjs/testing';
import { openSqliteEventLog } from '@opensqt/event-log';
import { type AnyEvent, EVENT_TYPES } from '@opensqt/trading-events';
import { RECORDED_DAY, keptOf, load, take } from '../load';
import { inTemporaryFolder } from '../temporary-folder';
import { labelOf } from './fold.benchmark';
import { type Row, compare } from './measure';
import { observedApplication, settled } from './observed-application';
import { promClientApplication } from './prom-client-listener';

/** Few in a round, many rounds: an event is published as soon as it is made, while the processor still has it at hand. */
const EVENTS = 2_000;
const ROUNDS = 400;
/** Of an event that is also handed to the log: see ADR 121. */
const STORED = 5;

/** From `emit` until the metrics hold the event, through the whole module, against prom-client's own calls and a bare listener. */
export async function publishRows(): Promise<readonly Row[]> {
  const byHand = await promClientApplication();
  const bare = bareListener();
  const rowsOf = (application: TestingModule, { what, calls, budget, aim, flow }: Published) => {
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
        { name: `@OnEvent with ${calls}`, run: emitTo(byHand.get(EventEmitter2)), budget },
        { name: 'a bare listener', run: emitTo(bare), budget: aim, isAim: true },
      ],
      operations: EVENTS,
      rounds: ROUNDS,
      processorTime: true,
    });
  };
  const inMemory = await observedApplication();
  const rows = [
    ...(await rowsOf(inMemory, {
      what: 'emit a live event of the recorded day',
      calls: 'one call of prom-client',
      budget: 1,
      aim: 5,
      flow: load({ mix: keptOf(RECORDED_DAY, 'live') }),
    })),
    ...(await rowsOf(inMemory, {
      what: 'emit a logged event of the day',
      calls: 'the calls for its metrics',
      budget: STORED,
      aim: 15,
      flow: load({ mix: keptOf(RECORDED_DAY, 'log') }),
    })),
  ];
  await inMemory.close();
  await inTemporaryFolder(async (folder) => {
    const log = await openSqliteEventLog({ path: join(folder, 'events.db') });
    const onDisk = await observedApplication(log);
    rows.push(
      ...(await rowsOf(onDisk, {
        what: 'emit a fill that is stored in SQLite',
        calls: 'the calls for its metrics',
        budget: STORED,
        aim: 15,
        flow: fillsOf(load({ mix: { 'order.filled': 1 } })),
      })),
    );
    await onDisk.close();
    await log.close();
  });
  await byHand.close();
  return rows;
}

/** The events that are emitted, and their floor. */
interface Published {
  readonly what: string;
  readonly calls: string;
  readonly budget: number;
  readonly aim: number;
  readonly flow: Iterator<AnyEvent, never>;
}

function* fillsOf(flow: Generator<AnyEvent, never>): Generator<AnyEvent, never> {
  for (;;) {
    const event = flow.next().value;
    if (event.type === 'order.filled') yield event;
  }
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
