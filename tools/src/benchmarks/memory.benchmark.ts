import { EventEmitter2 } from '@nestjs/event-emitter';
import { type AnyEvent, randomIds } from '@opensqt/trading-events';
import { type Row, verdict } from './measure';
import { observedApplication, settled } from './observed-application';
import { recordedDay } from './recorded-day';

const MILLION = 1_000_000;
const AT = [1, 5, 10];
const BATCH = 20_000;
/** The limit of the heap's growth between the first and the last look: flat, but for what the collector leaves. */
const FLAT = 1.05;

/** The heap after 1, 5 and 10 million events through the whole module, over a log that keeps the newest 10,000. */
export async function memoryRows(): Promise<readonly Row[]> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('The memory suite needs node --expose-gc; npm run bench passes it.');
  const application = await observedApplication();
  const emitter = application.get(EventEmitter2);
  const day = recordedDay(BATCH);
  const nextId = randomIds();
  const rows: Row[] = [];
  let first = 0;
  let emitted = 0;
  for (const millions of AT) {
    for (; emitted < millions * MILLION; emitted += BATCH) {
      for (const event of day)
        emitter.emit(event.type, withOrderOf(emitted, event, nextId(event.occurredAt)));
      await settled(application);
    }
    await gc({ execution: 'async' });
    const heap = process.memoryUsage().heapUsed;
    first ||= heap;
    rows.push([
      `heap after ${millions} M events`,
      `${(heap / 2 ** 20).toFixed(1)} MiB`,
      `after ${AT[0]} M: ${(first / 2 ** 20).toFixed(1)} MiB`,
      (heap / first).toPrecision(3),
      verdict(heap / first, FLAT),
    ]);
  }
  await application.close();
  return rows;
}

/** The event as a new fact, of an order that no earlier batch had: a day's orders are not forty. */
function withOrderOf(batch: number, event: AnyEvent, id: string): AnyEvent {
  if (!('orderId' in event.data)) return { ...event, id };
  const data = { ...event.data, orderId: `${event.data.orderId}-${batch}` };
  return { ...event, id, data } as AnyEvent;
}
