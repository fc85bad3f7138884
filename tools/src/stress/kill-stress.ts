import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { alertsProjection, healthProjection, metricsProjection } from '@opensqt/observability';
import { type Random, seededRandom } from '@opensqt/trading-events';
import { type Faults, LogAudit } from './log-audit';
import type { StressBackend } from './stress-backend';
import { MESSAGE_FD, type WriterMessage, type WriterTask } from './writer-messages';

export interface KillStressOptions {
  readonly kills: number;
  readonly backend: StressBackend;
  readonly seed: string;
  /** Node's arguments that start the writer, to which its task is added. */
  readonly writer: readonly string[];
  readonly onKill?: (done: number) => void;
}

/** What came of it. */
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

/** One kill in so many falls while the writer restores; one restart in so many finds its newest snapshots damaged. */
const DURING_RESTORE = 8;
const DAMAGED = 10;
const LONGEST_RESTORE_MS = 400;
const LONGEST_RUN_MS = 300;
const POLL_MS = 10;

/**
 * Starts a writer, kills it at a random moment, and looks at what it left, again and again, on one log.
 *
 * @throws Error (rejects) when a writer ends by itself
 */
export async function killStress(options: KillStressOptions): Promise<KillReport> {
  const { kills, backend, seed, onKill } = options;
  const random = seededRandom(`kills:${seed}`);
  const audit = new LogAudit();
  const restarts = { fromSnapshot: 0, fellBack: 0, fromNothing: 0 };
  let duringRestore = 0;
  let damaged = 0;
  for (let run = 0; run <= kills; run++) {
    const last = run === kills; // It is not killed in its load: it only shows what the last kill left.
    if (run > 1 && random() < 1 / DAMAGED && (await backend.damageSnapshots())) damaged += 1;
    const writer = new Writer(options, { run, left: audit.openOrders });
    const early = !last && run > 0 && random() < 1 / DURING_RESTORE;
    const restored = await (early ? writer.killedWithin(random, LONGEST_RESTORE_MS) : writer.restored());
    if (restored === undefined) {
      duringRestore += 1;
    } else {
      if (restored.from === 0) restarts.fromNothing += 1;
      else if (restored.refusals.length > 0) restarts.fellBack += 1;
      else restarts.fromSnapshot += 1;
      const log = await backend.read();
      await audit.advance(log, restored.position);
      await audit.compare(log, restored.metrics);
      await log.close();
      if (run === 0) await firstSnapshot(backend, writer);
      if (!last) await delay(random() * LONGEST_RUN_MS);
    }
    await writer.kill();
    for (const { position, ids } of writer.acknowledged) audit.acknowledge(position, ids);
    if (run > 0 || restored !== undefined) {
      const log = await backend.read();
      await audit.advance(log);
      await log.close();
    }
    audit.settle();
    if (!last) onKill?.(run + 1);
  }
  const { events, acknowledged, faults } = audit;
  return { kills, duringRestore, events, acknowledged, faults, audit, restarts, damaged };
}

/** However slow the machine: from here on, restarts have a snapshot to begin with. */
async function firstSnapshot(backend: StressBackend, writer: Writer): Promise<void> {
  const log = await backend.read();
  for (const { name } of [metricsProjection, healthProjection, alertsProjection]) {
    while ((await log.snapshots(name)).length === 0) {
      if (writer.hasEnded) throw new Error('The writer ended by itself, before it had left a snapshot.');
      await delay(POLL_MS);
    }
  }
  await log.close();
}

type Message<Kind extends WriterMessage['kind']> = Extract<WriterMessage, { readonly kind: Kind }>;

/** A writer in a process of its own, and what it has told. */
class Writer {
  readonly acknowledged: Message<'acknowledged'>[] = [];
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private readonly first: Promise<Message<'restored'> | undefined>;
  private killed = false;

  constructor({ writer, backend, seed }: KillStressOptions, { run, left }: Pick<WriterTask, 'run' | 'left'>) {
    const task: WriterTask = { eventLog: backend.eventLog(run), seed, run, left };
    this.child = spawn(process.execPath, [...writer, JSON.stringify(task)], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    const lines = createInterface({ input: this.child.stdio[MESSAGE_FD] as Readable });
    this.ended = Promise.all([once(this.child, 'close'), once(lines, 'close')]);
    this.first = new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        const message = parsed(line);
        if (message?.kind === 'restored') resolve(message);
        if (message?.kind === 'acknowledged') this.acknowledged.push(message);
        if (message?.kind === 'failed') reject(new Error(`The writer failed: ${message.reason}`));
      });
      void this.ended.then(() => {
        if (this.killed) resolve(undefined);
        else reject(new Error(`The writer of run ${run} ended by itself (status ${this.child.exitCode}).`));
      });
    });
    this.first.catch(() => undefined); // whoever asks is told
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** What it began with. */
  async restored(): Promise<Message<'restored'>> {
    const message = await this.first;
    if (message === undefined) throw new Error('The writer was killed before it had restored.');
    return message;
  }

  /** Kills it within that time, unless it has restored before. */
  async killedWithin(random: Random, longestMs: number): Promise<Message<'restored'> | undefined> {
    const message = await Promise.race([this.first, delay(random() * longestMs)]);
    if (message !== undefined) return message;
    await this.kill();
    return this.first;
  }

  /** Kills it, and waits until all that it told has been read. */
  async kill(): Promise<void> {
    this.killed = true;
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** The last line may have been cut off by the kill. */
function parsed(line: string): WriterMessage | undefined {
  try {
    return JSON.parse(line) as WriterMessage;
  } catch {
    return undefined;
  }
}
