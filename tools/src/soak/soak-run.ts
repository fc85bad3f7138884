import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LogRecord, openSqliteEventLog } from '@opensqt/event-log';
import { seededRandom } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { killAtRandom } from '../kills/kill-at-random';
import type { KillOptions } from '../kills/kill-command';
import { KilledProcess } from '../kills/killed-process';
import type { SourceTask } from './alert-source';
import { type SoakFindings, auditDeliveries } from './delivery-audit';
import { Flakies } from './flakies';

/** The findings of a soak, and what it went through. */
export interface SoakReport extends SoakFindings {
  readonly kills: number;
  /** Kills that fell before the process had restored. */
  readonly duringRestore: number;
  /** The times that each receiver, and what stands between, did each thing. */
  readonly moods: Flakies['moods'];
}

const MAX_LIFE_MS = 1_500;
const MAX_DRAIN_MS = 600_000;

/**
 * Lets troubles happen in a process that is killed at random moments, while the receivers of its alerts and a proxy misbehave; then
 * heals them, lets the queue drain, and audits.
 *
 * @throws Error (rejects) when the process ends by itself
 */
export async function soak(options: KillOptions, folder: string): Promise<SoakReport> {
  const { kills, seed, script, onKill } = options;
  const path = join(folder, 'events.db');
  const flakies = await Flakies.start(seed, folder);
  const { ports } = flakies;
  const start = (run: number, drain = false) =>
    new KilledProcess<object>(script, { path, ports, seed, run, drain } satisfies SourceTask);
  let printed = '';
  try {
    const duringRestore = await killAtRandom({
      kills,
      random: seededRandom(`soak:${seed}`),
      maxLifeMs: MAX_LIFE_MS,
      start: (run) => start(run),
      onKill: ({ output }) => {
        printed += output;
        onKill?.();
      },
    });
    await flakies.heal();
    printed += await drained(start(kills, true));
    const shown = await flakies.alertmanager.active();
    const records = await recordsOf(path);
    const stored = (await readFile(path)).toString('latin1');
    const { arrivals, moods } = flakies;
    const findings = await auditDeliveries({ records, arrivals, shown, printed, stored });
    return { ...findings, kills, duringRestore, moods };
  } finally {
    await flakies.close();
  }
}

/** The output of the last process, until nothing waits any more. */
async function drained(source: KilledProcess<object>): Promise<string> {
  try {
    await eventually(() => !source.isRunning, {
      within: MAX_DRAIN_MS,
      what: 'every message has an end',
      showing: () => source.output,
    });
  } finally {
    await source.end();
  }
  const { code } = await source.ended();
  if (code !== 0) throw new Error(`The source of alerts did not end well:\n${source.output}`);
  return source.output;
}

async function recordsOf(path: string): Promise<readonly LogRecord[]> {
  const log = await openSqliteEventLog({ path, readOnly: true });
  const all: LogRecord[] = [];
  for await (const records of log.read()) all.push(...records);
  await log.close();
  return all;
}
