import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EventLogError } from '../../event-log';
import { RingProducer, createRing } from './append-ring';
import type { WriterFailure, WriterReport, WriterRequest, WriterThreadData } from './writer-messages';

/** The thread's file stands beside this one, compiled or not. */
const EXTENSION = extname(__filename);
const SCRIPT = join(__dirname, `writer-thread${EXTENSION}`);

export interface WriterThreadListener {
  onReport(report: Exclude<WriterReport, { kind: 'opened' | 'unopened' }>): void;
  /** The thread has ended without being asked to. */
  onDeath(cause: Error): void;
}

/** A writer thread that has opened its log, seen from the thread that hands events over. */
export class WriterThread {
  readonly ring: RingProducer;
  private listener: WriterThreadListener | undefined;
  private readonly ended: Promise<void>;
  private closing = false;
  private cause: Error | undefined;

  /**
   * Starts the thread.
   *
   * @throws EventLogError (rejects) what opening the log throws
   */
  static async start(path: string, archive?: WriterThreadData['archive']): Promise<WriterThread> {
    const memory = createRing();
    const workerData: WriterThreadData = { path, ring: memory, archive };
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
    return new WriterThread(worker, memory, position);
  }

  /** @param position the log's last position when it was opened */
  private constructor(
    private readonly worker: Worker,
    memory: SharedArrayBuffer,
    readonly position: number,
  ) {
    this.ring = new RingProducer(memory, (texts) => this.post({ kind: 'texts', texts }));
    this.worker.on(
      'error',
      (error) => (this.cause = error instanceof Error ? error : new Error(String(error))),
    );
    this.ended = new Promise((resolve) => {
      this.worker.once('exit', (code) => {
        resolve();
        if (!this.closing) this.listener?.onDeath(this.cause ?? new Error(`it ended with code ${code}`));
      });
    });
    this.worker.unref();
  }

  listen(listener: WriterThreadListener): void {
    this.listener = listener;
    this.worker.on('message', (report: Exclude<WriterReport, { kind: 'opened' | 'unopened' }>) =>
      listener.onReport(report),
    );
    this.holdProcess(false);
  }

  /** Says whether there is something to be written: until it is, the process does not end by itself. */
  holdProcess(held: boolean): void {
    if (held) this.worker.ref();
    else this.worker.unref();
  }

  send(request: WriterRequest): void {
    this.post(request);
    this.ring.rouse();
  }

  /** Lets the thread close the log, whatever still waits in the ring, and waits until it has. */
  async close(): Promise<void> {
    this.closing = true;
    this.worker.ref();
    this.send({ kind: 'close' });
    await this.ended;
  }

  private post(request: WriterRequest): void {
    this.worker.postMessage(request);
  }
}

/** An error as it came from the other thread. */
export function errorOf({ code, message }: WriterFailure): EventLogError {
  return new EventLogError(code, message);
}
