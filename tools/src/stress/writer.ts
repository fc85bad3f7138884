import 'reflect-metadata';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { EventLog } from '@opensqt/event-log';
import { EVENT_LOG, EventRecorder, ObservabilityModule } from '@opensqt/observability';
import { register } from 'prom-client';
import { load } from './load';
import { report } from '../kills/messages';
import type { WriterMessage, WriterTask } from './writer-messages';

/** Events that are stated at a time: many more than a commit takes. */
const BURST = 400;
/** The limit of events that wait for the disk: enough that it never idles. */
const MAX_WAITING = 5_000;

/** A process that restores, says what it restored, and then states events faster than the disk takes them, until it is killed. */
async function write({ eventLog, seed, run, left }: WriterTask): Promise<void> {
  const refusals: string[] = [];
  const app = await NestFactory.createApplicationContext(ObservabilityModule.forRoot({ eventLog }), {
    logger: keeping(refusals),
  });
  const recorder = app.get(EventRecorder);
  const log = app.get<EventLog>(EVENT_LOG);
  const emitter = app.get(EventEmitter2, { strict: false });
  await recorder.ready();
  const from = recorder.replay.state === 'done' ? recorder.replay.from : 0;
  const { position, metrics } = await consistentMetrics(log);
  report({ position, from, refusals, metrics } satisfies WriterMessage);

  log.subscribe(position + 1, (records) => {
    const [first] = records;
    if (first === undefined) return;
    report({ position: first.position, ids: records.map(({ event }) => event.id) } satisfies WriterMessage);
  });
  for (const event of inBursts(load(seed, run, left))) {
    if (event !== undefined) emitter.emit(event.type, event);
    else if (log.status().queueDepth > MAX_WAITING) await delay(1);
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

function* inBursts<Value>(values: Iterable<Value>): Iterable<Value | undefined> {
  let count = 0;
  for (const value of values) {
    yield value;
    if (++count % BURST === 0) yield undefined;
  }
}

function keeping(refusals: string[]): LoggerService {
  const warn = (message: unknown): void => {
    if (String(message).includes('is not used:')) refusals.push(String(message));
  };
  return {
    log: () => undefined,
    warn,
    error: (message: unknown) => process.stderr.write(`${String(message)}\n`),
  };
}

void write(JSON.parse(process.argv[2] ?? '{}') as WriterTask);
