import 'reflect-metadata';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import type { EventLog } from '@opensqt/event-log';
import { EVENT_LOG, EventRecorder, ObservabilityModule } from '@opensqt/observability';
import type { EventLogOptions } from '@opensqt/observability/options';
import { register } from 'prom-client';
import { report } from '../kills/messages';
import { type Mix, load } from '../load';
import { idOf } from './log-audit';

/** The task of a writer: its one argument, as JSON. */
export interface WriterTask {
  readonly eventLog: EventLogOptions;
  readonly seed: string;
  readonly run: number;
}

/** A writer has restored, and what it began with. */
export interface Restored {
  /** The log's position that the metrics belong to. */
  readonly position: number;
  /** The position of the snapshot that it began with; 0 when there was none. */
  readonly from: number;
  /** `/metrics`. */
  readonly metrics: string;
}

/** The log has committed those events, from that position on. */
export interface Acknowledged {
  readonly position: number;
  readonly ids: readonly string[];
  /** The last position that was archived; 0 in a database. */
  readonly archivedThrough: number;
}

/** A report of a writer: first that it has restored, then each commit. */
export type WriterMessage = Restored | Acknowledged;

/** Mostly orders and fills, now and then something that raises an alert; all of it goes to the log. */
const MIX: Mix = {
  ...{ 'order.placed': 300, 'order.canceled': 200, 'order.filled': 150, 'position.changed': 150 },
  ...{ 'circuit_breaker.tripped': 2, 'circuit_breaker.reset': 2 },
  ...{ 'strategy.panicked': 2, 'strategy.restarted': 2 },
};
/** Events that are stated at a time: many more than a commit holds. */
const BURST = 400;
/** The limit of events that wait for the disk: enough that it never idles, and few enough that snapshots get their turn. */
const MAX_WAITING = 1_000;

/** A process that restores, says what it restored, and then states events faster than the disk can write them, until it is killed. */
async function write({ eventLog, seed, run }: WriterTask): Promise<void> {
  const app = await NestFactory.createApplicationContext(
    ObservabilityModule.forRoot({ imports: [EventEmitterModule.forRoot()], eventLog }),
    {
      logger: ['error'],
    },
  );
  const recorder = app.get(EventRecorder);
  const log = app.get<EventLog>(EVENT_LOG);
  const emitter = app.get(EventEmitter2, { strict: false });
  await recorder.ready();
  const from = recorder.replay.state === 'done' ? recorder.replay.from : 0;
  const restored = await consistentMetrics(log);
  report({ ...restored, from } satisfies WriterMessage);

  log.subscribe(restored.position + 1, (records) => {
    const position = records[0]?.position ?? 0;
    const { archivedThrough = 0 } = log.status().storage ?? {};
    const ids = records.map(({ event }) => event.id);
    report({ position, ids, archivedThrough } satisfies WriterMessage);
  });
  const flow = load({ mix: MIX, seed: `${seed}:${run}`, run, id: (number) => idOf(run, number) });
  for (let stated = 1; ; stated++) {
    const event = flow.next().value;
    emitter.emit(event.type, event);
    if (stated % BURST > 0) continue;
    if (log.status().queueDepth > MAX_WAITING) await delay(1);
    else await nextTurn();
  }
}

/** The metrics and the position that they belong to: between the two, nothing was committed. */
async function consistentMetrics(log: EventLog): Promise<{ position: number; metrics: string }> {
  for (;;) {
    await nextTurn();
    const { position } = log.status();
    const metrics = await register.metrics();
    if (log.status().position === position) return { position, metrics };
  }
}

void write(JSON.parse(process.argv[2] ?? '{}') as WriterTask);
