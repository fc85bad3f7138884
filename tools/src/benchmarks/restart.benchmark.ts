import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { type EventLog, openSqliteEventLog } from '@opensqt/event-log';
import { EVENT_LOG, ObservabilityModule } from '@opensqt/observability';
import { CommittedProjections, OWN_PROJECTIONS } from '@opensqt/observability/replay';
import { Progress } from '@opensqt/configuration';
import { createEvent } from '@opensqt/trading-events';
import { register } from 'prom-client';
import { RECORDED_DAY, keptOf, load, take } from '../load';
import { inTemporaryFolder } from '../temporary-folder';
import { type Row, quantile, verdict } from './measure';

/** The default of `event_log.snapshot_events`: the most that a restart finds after its snapshot. */
const TAIL = 50_000;
const BATCH = 2_000;
const RESTARTS = 5;
/** A larger log may take so many times as long as the smallest one. */
const BUDGET = 2;

/**
 * Restarts on logs of that many events, from their file to whole projections, against reading all of them; and of an application with the whole
 * module to its first alert decided, against the same on the smallest log.
 *
 * @param sizes events in each log
 */
export async function restartRows(sizes: readonly number[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let smallestMs: number | undefined;
  for (const size of [...sizes].sort((a, b) => a - b)) {
    const { restartMs, wholeMs, decidedMs } = await inTemporaryFolder((folder) => restartsOn(folder, size));
    rows.push([
      `restart at ${size / 1e6}M events, ${TAIL} of them after the snapshot`,
      `${restartMs.toFixed(0)} ms`,
      `the whole log: ${(wholeMs / 1_000).toFixed(1)} s (${Math.round(size / wholeMs)}k events/s)`,
      (restartMs / wholeMs).toPrecision(2),
      '–',
    ]);
    rows.push([
      'the same to the first alert decided',
      `${decidedMs.toFixed(0)} ms`,
      `the smallest log: ${(smallestMs ?? decidedMs).toFixed(0)} ms`,
      (decidedMs / (smallestMs ?? decidedMs)).toPrecision(2),
      smallestMs === undefined ? '–' : verdict(decidedMs / smallestMs, BUDGET),
    ]);
    smallestMs ??= decidedMs;
  }
  return rows;
}

async function restartsOn(folder: string, size: number) {
  const path = join(folder, 'events.db');
  await write(path, size);
  const restarts: number[] = [];
  for (let round = 0; round < RESTARTS; round++) restarts.push(await restart(path, true));
  const wholeMs = await restart(path, false);
  const decided: number[] = [];
  await toFirstAlert(path); // alerting begins with it
  for (let round = 0; round < RESTARTS; round++) {
    await appendTail(path, round + 1);
    decided.push(await toFirstAlert(path));
  }
  return { restartMs: quantile(restarts, 0.5), wholeMs, decidedMs: quantile(decided, 0.5) };
}

async function write(path: string, size: number): Promise<void> {
  const log = await openSqliteEventLog({ path });
  const committed = projectionsOf(log);
  await committed.restore();
  committed.subscribe({ events: Infinity, intervalMs: 2 ** 31 - 1 });
  const progress = new Progress('events written', size);
  const events = load({ mix: keptOf(RECORDED_DAY, 'log') });
  for (let written = 0; written < size; written += BATCH) {
    await log.append(take(events, BATCH));
    progress.advance(BATCH);
    if (written < size - TAIL && written + BATCH >= size - TAIL) {
      await committed.caughtUp();
      await committed.snapshot();
    }
  }
  progress.end();
  await log.close();
}

async function restart(path: string, withSnapshots: boolean): Promise<number> {
  const startedAt = performance.now();
  const log = await openSqliteEventLog({ path });
  const { from } = await projectionsOf(withSnapshots ? log : withoutSnapshots(log)).restore();
  const tookMs = performance.now() - startedAt;
  if (withSnapshots !== from > 0)
    throw new Error(`The restart began at ${from}, which is not what is measured.`);
  await log.close();
  return tookMs;
}

/** Events that nobody folded, or decided on, before the process ended. */
async function appendTail(path: string, run: number): Promise<void> {
  const log = await openSqliteEventLog({ path });
  const events = load({ mix: keptOf(RECORDED_DAY, 'log'), run });
  for (let written = 0; written < TAIL; written += BATCH) await log.append(take(events, BATCH));
  await log.close();
}

/** From the making of the application, which opens the file, until an alert about its first event is on the log. */
async function toFirstAlert(path: string): Promise<number> {
  register.clear();
  Logger.overrideLogger(false);
  const startedAt = performance.now();
  const module = ObservabilityModule.forRoot({
    imports: [EventEmitterModule.forRoot()],
    eventLog: { kind: 'sqlite', path },
  });
  const app = await NestFactory.createApplicationContext(module, { logger: false });
  const log = app.get<EventLog>(EVENT_LOG);
  const decidedAt = new Promise<number>((resolve) => {
    log.subscribe(log.status().position + 1, (records) => {
      if (records.some(({ event }) => event.type === 'alert.raised')) resolve(performance.now());
    });
  });
  const scope = randomUUID();
  const trip = { scope, reason: 'first', value: '2', threshold: '1', cooldownMs: 60_000 };
  const event = createEvent('circuit_breaker.tripped', trip);
  app.get(EventEmitter2, { strict: false }).emit(event.type, event);
  const tookMs = (await decidedAt) - startedAt;
  await app.close();
  return tookMs;
}

function projectionsOf(log: EventLog): CommittedProjections {
  const warn = (message: string): void => void process.stderr.write(`${message}\n`);
  return new CommittedProjections(OWN_PROJECTIONS, log, { warn });
}

function withoutSnapshots(log: EventLog): EventLog {
  return Object.create(log, { snapshots: { value: async () => [] } }) as EventLog;
}
