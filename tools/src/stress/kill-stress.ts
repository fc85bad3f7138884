import type { EventLog } from '@opensqt/event-log';
import { OWN_PROJECTIONS } from '@opensqt/observability/replay';
import { seededRandom } from '@opensqt/trading-events';
import { killAtRandom } from '../kills/kill-at-random';
import type { KillOptions } from '../kills/kill-command';
import { KilledProcess } from '../kills/killed-process';
import { LogAudit } from './log-audit';
import type { StressBackend } from './stress-backend';
import type { Acknowledged, Restored, WriterMessage, WriterTask } from './writer';

/** The findings of a stress, and what it went through. */
export interface KillReport {
  readonly kills: number;
  /** Kills that fell before the writer had restored. */
  readonly duringRestore: number;
  readonly audit: LogAudit;
  /** The last position known to have left the live log: archived, or dropped for good. */
  readonly retiredThrough: number;
  /** Kills that fell while the server dropped a partition. */
  readonly duringDrop: number;
  /** True when `verify` finds the log whole after the last kill. */
  readonly verified: boolean;
  readonly restarts: { readonly fromSnapshot: number; readonly fromNothing: number };
}

type Writer = KilledProcess<WriterMessage>;

const MAX_LIFE_MS = 300;
/** One writer in so many lives, besides, until what it wrote down lets a retention drop more. */
const RELEASING = 4;

/**
 * Starts a writer, kills it at a random moment, and looks at what it left, again and again, on one log.
 *
 * @throws Error (rejects) when a writer ends by itself
 */
export async function killStress(options: KillOptions, backend: StressBackend): Promise<KillReport> {
  const { kills, seed, script, onKill } = options;
  const random = seededRandom(`kills:${seed}`);
  const audit = new LogAudit();
  const restarts = { fromSnapshot: 0, fromNothing: 0 };
  let retiredThrough = 0;
  let duringDrop = 0;
  const start = (run: number): Writer => {
    const task: WriterTask = { eventLog: backend.eventLog(run), seed, run };
    return new KilledProcess(script, task);
  };
  const compare = (first: WriterMessage): Promise<void> =>
    reading(backend, async (log) => {
      const { position, from, metrics } = first as Restored;
      restarts[from === 0 ? 'fromNothing' : 'fromSnapshot'] += 1;
      await audit.advance(log, position);
      await audit.compare(log, metrics);
    });
  const isRetiring = (writer: Writer, log: EventLog): boolean => {
    const archived = acknowledgedBy(writer).at(-1)?.archivedThrough ?? 0;
    retiredThrough = Math.max(retiredThrough, archived, log.status().first - 1);
    return retiredThrough > 0;
  };
  const account = async (writer: Writer): Promise<void> => {
    for (const { position, ids } of acknowledgedBy(writer)) audit.acknowledge(position, ids);
    await reading(backend, (log) => {
      isRetiring(writer, log);
      return audit.advance(log);
    });
    audit.close();
    await backend.dropping?.release(audit.position);
  };
  const duringRestore = await killAtRandom({
    ...{ kills, random, start, maxLifeMs: MAX_LIFE_MS },
    onStart: async (process, first, run) => {
      await compare(first);
      await reading(backend, async (log) => {
        if (run === 0) await firstSnapshots(log, process);
        else if (backend.dropping !== undefined && random() < 1 / RELEASING) await nextRelease(log, process);
      });
      if (run > 0) return;
      await process.eventually(() => acknowledgedBy(process).length > 0, { what: 'an acknowledged event' });
    },
    onKill: async (process) => {
      if (await backend.dropping?.isUnderWay()) duringDrop += 1;
      await account(process);
      onKill?.();
    },
  });
  const last = start(kills); // it shows what the last kill left
  await compare(await last.started());
  // However slow the machine: retention has had its part in what is looked at.
  await last.eventually(() => reading(backend, async (log) => isRetiring(last, log)), {
    what: 'events that were archived or dropped',
  });
  await last.kill();
  await account(last);
  const { ok: verified } = await backend.verify();
  return { kills, duringRestore, audit, restarts, retiredThrough, duringDrop, verified };
}

function acknowledgedBy({ messages }: Writer): readonly Acknowledged[] {
  return messages.filter((message): message is Acknowledged => 'ids' in message);
}

async function reading<Result>(
  backend: StressBackend,
  work: (log: EventLog) => Promise<Result>,
): Promise<Result> {
  const log = await backend.read();
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

/** However slow the machine: from here on, restarts have a snapshot to begin with. */
async function firstSnapshots(log: EventLog, writer: Writer): Promise<void> {
  for (const { name } of OWN_PROJECTIONS) {
    const isThere = async (): Promise<boolean> => (await log.snapshots(name)).length > 0;
    await writer.eventually(isThere, { what: `a snapshot of ${name}` });
  }
}

/** However slow the machine: snapshots are written down, and what is before the ones before them is no longer needed. */
async function nextRelease(log: EventLog, writer: Writer): Promise<void> {
  const before = await log.checkpoint('snapshots');
  const hasMoved = async (): Promise<boolean> => (await log.checkpoint('snapshots')) > before;
  await writer.eventually(hasMoved, { what: 'that snapshots let go of more' });
}
