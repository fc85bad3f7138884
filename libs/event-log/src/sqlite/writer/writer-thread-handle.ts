import { messageOf } from '../../engine/diagnosis';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CommitBatch, Committed } from '../../engine/log-store';
import { EventLogError, type LogStorage, type Snapshot } from '../../event-log';
import type { FileIdentity } from '../file-identity';
import { type WriterLock, lockForWriting } from '../writer-lock';
import {
  type WriterAnswer,
  type WriterCalls,
  type WriterThreadData,
  errorOf,
  flatten,
} from './writer-messages';

/** The thread's file stands beside this one, compiled or not. */
const EXTENSION = extname(__filename);
const SCRIPT = join(__dirname, `writer-thread${EXTENSION}`);

type Method = keyof WriterCalls;

interface PendingCall {
  readonly method: Method;
  resolve(result: never): void;
  reject(error: Error): void;
}

/** The thread that writes to a log's file, seen from the one that appends. When it has died, the next call starts another. */
export class WriterThread {
  /** Times that the thread died. */
  restarts = 0;
  private readonly calls = new Map<number, PendingCall>();
  private worker: Worker | undefined;
  private file: FileIdentity | undefined;
  private lastCall = 0;
  private ending = false;

  /**
   * Makes this process the only writer of the file, and opens it in a thread.
   *
   * @throws EventLogError (rejects) what opening the log throws, and `LOG_IN_USE`
   */
  static async start(data: WriterThreadData): Promise<WriterThread> {
    const thread = new WriterThread(data, lockForWriting(data.path));
    try {
      thread.file = await thread.call('open', undefined);
      return thread;
    } catch (error) {
      await thread.end();
      throw error;
    }
  }

  private constructor(
    private readonly data: WriterThreadData,
    private readonly lock: WriterLock,
  ) {}

  commit(batch: CommitBatch): Promise<Committed> {
    return this.call('commit', flatten(batch));
  }

  async saveSnapshot(snapshot: Snapshot, history?: number): Promise<void> {
    await this.call('saveSnapshot', { snapshot, history });
  }

  maintain(): Promise<LogStorage> {
    return this.call('maintain', undefined);
  }

  /** Lets the thread close the file, waits until it has, and lets go of the file. */
  async end(): Promise<void> {
    const { worker } = this;
    this.ending = true;
    if (worker !== undefined) {
      const exit = once(worker, 'exit');
      await this.call('close', undefined).catch(() => undefined);
      await exit;
    }
    this.lock.release();
  }

  private call<Name extends Method>(
    method: Name,
    argument: WriterCalls[Name][0],
  ): Promise<WriterCalls[Name][1]> {
    const worker = (this.worker ??= this.startWorker());
    const call = (this.lastCall += 1);
    return new Promise((resolve, reject) => {
      this.calls.set(call, { method, resolve, reject });
      worker.postMessage({ call, method, argument });
      this.holdProcess();
    });
  }

  private startWorker(): Worker {
    // Uncompiled sources need whatever loads them here; by itself a worker inherits that only outside of test runners.
    const loader = EXTENSION === '.ts' ? { execArgv: process.execArgv } : {};
    const workerData: WriterThreadData = { ...this.data, file: this.file };
    const worker = new Worker(SCRIPT, { workerData, name: 'event-log-writer', ...loader });
    let cause: unknown;
    worker.on('message', (answer: WriterAnswer) => this.settle(answer));
    worker.once('error', (error) => (cause = error));
    worker.once('exit', (code) => this.ended(cause ?? new Error(`it ended with code ${code}`)));
    return worker;
  }

  private settle({ call, result, failure }: WriterAnswer): void {
    const pending = this.calls.get(call);
    this.calls.delete(call);
    if (failure === undefined) pending?.resolve(result as never);
    else pending?.reject(errorOf(failure));
    this.holdProcess();
  }

  /** Fails the calls that it had not answered; whoever called may try again. */
  private ended(cause: unknown): void {
    this.worker = undefined;
    const calls = [...this.calls.values()];
    this.calls.clear();
    if (this.ending) return;
    this.restarts += 1;
    const why = messageOf(cause);
    const message = `The thread that writes to ${this.data.path} has died (${why}) and is started again.`;
    for (const { reject } of calls) reject(new EventLogError('LOG_WRITE_FAILED', message, { cause }));
  }

  /** While a call is pending, the process does not end by itself; maintenance may be cut short. */
  private holdProcess(): void {
    const isAwaited = [...this.calls.values()].some(({ method }) => method !== 'maintain');
    if (isAwaited || this.ending) this.worker?.ref();
    else this.worker?.unref();
  }
}
