import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type LogRecord, openSqliteEventLog } from '@opensqt/event-log';
import { seededRandom } from '@opensqt/trading-events';
import type { SourceTask } from './alert-source';
import { type SoakFindings, auditDeliveries } from './delivery-audit';
import { type Arrival, FlakyProvider } from './flaky-provider';
import { PROVIDERS } from './providers';

export interface SoakOptions {
  readonly kills: number;
  readonly seed: string;
  readonly folder: string;
  /** Node's arguments that start the source of alerts, to which its task is added. */
  readonly source: readonly string[];
  readonly onKill?: () => void;
}

/** What came of it. */
export interface SoakReport extends SoakFindings {
  readonly kills: number;
  /** Kills that fell before the process had restored. */
  readonly duringRestore: number;
  /** How often each provider did what. */
  readonly moods: Readonly<Record<string, FlakyProvider['moods']>>;
}

const LONGEST_LIFE_MS = 1_500;
/** One kill in so many falls while the process restores. */
const DURING_RESTORE = 8;
const LONGEST_RESTORE_MS = 400;

/**
 * Lets troubles happen in a process that is killed at random moments, while its providers misbehave; then heals the
 * providers, lets the queue drain, and audits.
 *
 * @throws Error (rejects) when the process ends by itself
 */
export async function soak({ kills, seed, folder, source, onKill }: SoakOptions): Promise<SoakReport> {
  const random = seededRandom(`soak:${seed}`);
  const path = join(folder, 'events.db');
  const arrivals: Arrival[] = [];
  const providers = await Promise.all(
    PROVIDERS.map((name) => new FlakyProvider(name, seededRandom(`${name}:${seed}`), arrivals).start()),
  );
  const ports = Object.fromEntries(providers.map(({ name, port }) => [name, port])) as SourceTask['ports'];
  const start = (run: number, drain: boolean) => new SourceProcess(source, { path, ports, seed, run, drain });
  let printed = '';
  let duringRestore = 0;
  for (let run = 0; run < kills; run++) {
    const process = start(run, false);
    if (run > 0 && random() < 1 / DURING_RESTORE) await delay(random() * LONGEST_RESTORE_MS);
    else {
      await process.ready();
      await delay(random() * LONGEST_LIFE_MS);
    }
    if (!process.isReady) duringRestore += 1;
    printed += await process.kill();
    onKill?.();
  }
  await Promise.all(providers.map((provider) => provider.heal()));
  printed += await start(kills, true).ended();
  await Promise.all(providers.map((provider) => provider.close()));

  const records = await recordsOf(path);
  const stored = (await readFile(path)).toString('latin1');
  const findings = await auditDeliveries({ records, arrivals, printed, stored });
  const moods = Object.fromEntries(providers.map((provider) => [provider.name, provider.moods]));
  return { ...findings, kills, duringRestore, moods };
}

async function recordsOf(path: string): Promise<readonly LogRecord[]> {
  const log = await openSqliteEventLog({ path, readOnly: true });
  const all: LogRecord[] = [];
  for await (const records of log.read()) all.push(...records);
  await log.close();
  return all;
}

class SourceProcess {
  isReady = false;
  private printed = '';
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;
  private readonly told: Promise<unknown>;

  constructor(source: readonly string[], task: SourceTask) {
    const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
    this.child = spawn(process.execPath, [...source, JSON.stringify(task)], { stdio: [...stdio] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.printed += chunk.toString()));
    }
    this.closed = once(this.child, 'close');
    this.told = once(this.child, 'message').then(() => (this.isReady = true));
  }

  async ready(): Promise<void> {
    await Promise.race([this.told, this.closed]);
    if (!this.isReady) throw new Error(`The source of alerts ended by itself:\n${this.printed}`);
  }

  async kill(): Promise<string> {
    if (this.child.exitCode !== null)
      throw new Error(`The source of alerts ended by itself:\n${this.printed}`);
    this.child.kill('SIGKILL');
    await this.closed;
    return this.printed;
  }

  async ended(): Promise<string> {
    await this.closed;
    if (this.child.exitCode !== 0) throw new Error(`The source of alerts did not end well:\n${this.printed}`);
    return this.printed;
  }
}
