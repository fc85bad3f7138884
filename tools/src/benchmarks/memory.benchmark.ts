import { EventEmitter2 } from '@nestjs/event-emitter';
import { load, take } from '../load';
import { type Row, verdict } from './measure';
import { observedApplication, settled } from './observed-application';

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
  const flow = load();
  const rows: Row[] = [];
  let first = 0;
  let emitted = 0;
  for (const millions of AT) {
    for (; emitted < millions * MILLION; emitted += BATCH) {
      for (const event of take(flow, BATCH)) emitter.emit(event.type, event);
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
