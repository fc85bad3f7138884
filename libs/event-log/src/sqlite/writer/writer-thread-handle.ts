import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LogStorage } from '../../event-log';
import { type WriterReport, type WriterRequest, type WriterThreadData, errorOf } from './writer-messages';

/** The thread's file stands beside this one, compiled or not. */
const EXTENSION = extname(__filename);
const SCRIPT = join(__dirname, `writer-thread${EXTENSION}`);

/** Reports about commits; all others are answers. */
type CommitReport = Extract<WriterReport, { kind: 'committed' | 'failed' }>;

export interface WriterThreadListener {
  onReport(report: CommitReport): void;
  /** The thread has ended without being asked to. */
  onDeath(cause: Error): void;
}

/** A request that the thread answers, without its number. */
export type WriterCall =
  { readonly kind: 'flush' | 'maintain' } | Omit<Extract<WriterRequest, { kind: 'snapshot' }>, 'call'>;

interface PendingCall {
  /** The process must not end before it is answered. */
  readonly holdsProcess: boolean;
  resolve(storage: LogStorage | undefined): void;
  reject(error: Error): void;
}

/** A writer thread that has opened its log, seen from the thread that appends. */
export class WriterThread {
  private readonly calls = new Map<number, PendingCall>();
  private readonly ended: Promise<void>;
  private listener: WriterThreadListener | undefined;
  private lastCall = 0;
  private isWriting = false;
  private closing = false;
  private cause: Error | undefined;

  /**
   * Starts the thread.
   *
   * @throws EventLogError (rejects) what opening the log throws
   */
  static async start(path: string, archive?: WriterThreadData['archive']): Promise<WriterThread> {
    const workerData: WriterThreadData = { path, archive };
    // Uncompiled sources need whatever loads them here; by itself a worker inherits that only outside of test runners.
    const loader = EXTENSION === '.ts' ? { execArgv: process.execArgv } : {};
    const worker = new Worker(SCRIPT, { workerData, name: 'event-log-writer', ...loader });
    const position = await new Promise<number>((resolve, reject) => {
      worker.once('message', (report: WriterReport) => {
        if (report.kind === 'opened') resolve(report.position);
        else reject(report.kind === 'unopened' ? errorOf(report.failure) : new TypeError(report.kind));
      });
      worker.once('error', reject);
      worker.once('exit', (code) =>
        reject(new Error(`it ended with code ${code} before it had opened the log`)),
      );
    });
    return new WriterThread(worker, position);
  }

  /** @param position the log's last position when it was opened */
  private constructor(
    private readonly worker: Worker,
    readonly position: number,
  ) {
    this.worker.on(
      'error',
      (error) => (this.cause = error instanceof Error ? error : new Error(String(error))),
    );
    this.ended = new Promise((resolve) => {
      this.worker.once('exit', (code) => {
        resolve();
        if (!this.closing) this.died(this.cause ?? new Error(`it ended with code ${code}`));
      });
    });
    this.worker.unref();
  }

  listen(listener: WriterThreadListener): void {
    this.listener = listener;
    this.worker.on('message', (report: WriterReport) => this.receive(report));
    this.holdProcess();
  }

  /** While events wait to be written, the process does not end by itself. */
  setWriting(isWriting: boolean): void {
    if (this.isWriting === isWriting) return;
    this.isWriting = isWriting;
    this.holdProcess();
  }

  send(request: WriterRequest): void {
    this.worker.postMessage(request);
  }

  /** Sends a request and resolves with its answer. Only maintenance doesn't keep the process from ending. */
  call(request: WriterCall): Promise<LogStorage | undefined> {
    const call = (this.lastCall += 1);
    return new Promise((resolve, reject) => {
      this.calls.set(call, { holdsProcess: request.kind !== 'maintain', resolve, reject });
      this.send({ ...request, call });
      this.holdProcess();
    });
  }

  /** Lets the thread close the log, whatever still waits there, and waits until it has. */
  async close(): Promise<void> {
    this.closing = true;
    this.holdProcess();
    this.send({ kind: 'close' });
    await this.ended;
  }

  private receive(report: WriterReport): void {
    switch (report.kind) {
      case 'committed':
      case 'failed':
        return this.listener?.onReport(report);
      case 'answered':
        this.calls.get(report.call)?.resolve(report.storage);
        break;
      case 'refused':
        this.calls.get(report.call)?.reject(errorOf(report.failure));
        break;
      default:
        throw new TypeError(report.kind);
    }
    this.calls.delete(report.call);
    this.holdProcess();
  }

  private died(cause: Error): void {
    this.listener?.onDeath(cause);
    for (const call of this.calls.values()) call.reject(cause);
    this.calls.clear();
  }

  private holdProcess(): void {
    const isAwaited = [...this.calls.values()].some(({ holdsProcess }) => holdsProcess);
    if (this.isWriting || this.closing || isAwaited) this.worker.ref();
    else this.worker.unref();
  }
}
