import {
  alertsProjection,
  healthProjection,
  metricsProjection,
  summaryProjection,
} from '@opensqt/observability/replay';
import { seededRandom } from '@opensqt/trading-events';
import { killAtRandom } from '../kills/kill-at-random';
import { KilledProcess } from '../kills/killed-process';
import { type Faults, LogAudit } from './log-audit';
import type { StressBackend } from './stress-backend';
import type { Acknowledged, Restored, WriterMessage, WriterTask } from './writer-messages';

export interface KillStressOptions {
  readonly kills: number;
  readonly backend: StressBackend;
  readonly seed: string;
  /** Node's arguments that start the writer, to which its task is added. */
  readonly writer: readonly string[];
  readonly onKill?: () => void;
}

/** The findings of a stress, and what it went through. */
export interface KillReport {
  readonly kills: number;
  /** Kills that fell before the writer had restored. */
  readonly duringRestore: number;
  readonly events: number;
  readonly acknowledged: number;
  readonly faults: Faults;
  readonly audit: LogAudit;
  /** Restarts that began with a snapshot, with an older one because the newest was damaged, or with none. */
  readonly restarts: {
    readonly fromSnapshot: number;
    readonly fellBack: number;
    readonly fromNothing: number;
  };
  /** Times that the newest snapshots were damaged on purpose. */
  readonly damaged: number;
}

type Writer = KilledProcess<WriterMessage>;

/** One restart in so many finds its newest snapshots damaged. */
const DAMAGED = 10;
const MAX_LIFE_MS = 300;

/**
 * Starts a writer, kills it at a random moment, and looks at what it left, again and again, on one log.
 *
 * @throws Error (rejects) when a writer ends by itself
 */
export async function killStress(options: KillStressOptions): Promise<KillReport> {
  const { kills, backend, seed, writer, onKill } = options;
  const random = seededRandom(`kills:${seed}`);
  const audit = new LogAudit();
  const restarts = { fromSnapshot: 0, fellBack: 0, fromNothing: 0 };
  let damaged = 0;
  const start = async (run: number): Promise<Writer> => {
    if (run > 1 && random() < 1 / DAMAGED && (await backend.damageSnapshots())) damaged += 1;
    const task: WriterTask = { eventLog: backend.eventLog(run), seed, run, left: audit.openOrders };
    return new KilledProcess(writer, task);
  };
  const compare = async (first: WriterMessage): Promise<void> => {
    const { position, from, refusals, metrics } = first as Restored;
    if (from === 0) restarts.fromNothing += 1;
    else if (refusals.length > 0) restarts.fellBack += 1;
    else restarts.fromSnapshot += 1;
    const log = await backend.read();
    await audit.advance(log, position);
    await audit.compare(log, metrics);
    await log.close();
  };
  const account = async ({ messages }: Writer): Promise<void> => {
    const acknowledged = messages.filter((message): message is Acknowledged => 'ids' in message);
    for (const { position, ids } of acknowledged) audit.acknowledge(position, ids);
    const log = await backend.read();
    await audit.advance(log);
    await log.close();
    audit.close();
  };
  const duringRestore = await killAtRandom({
    ...{ kills, random, start, maxLifeMs: MAX_LIFE_MS },
    onStart: async (process, first, run) => {
      await compare(first);
      if (run === 0) await firstSnapshots(backend, process);
    },
    onKill: async (process) => {
      await account(process);
      onKill?.();
    },
  });
  const last = await start(kills); // it shows what the last kill left
  await compare(await last.started());
  await last.kill();
  await account(last);
  const { events, acknowledged, faults } = audit;
  return { kills, duringRestore, events, acknowledged, faults, audit, restarts, damaged };
}

/** However slow the machine: from here on, restarts have a snapshot to begin with. */
async function firstSnapshots(backend: StressBackend, writer: Writer): Promise<void> {
  const log = await backend.read();
  for (const { name } of [metricsProjection, healthProjection, alertsProjection, summaryProjection]) {
    const isThere = async (): Promise<boolean> => (await log.snapshots(name)).length > 0;
    await writer.eventually(isThere, { what: `a snapshot of ${name}` });
  }
  await log.close();
}
