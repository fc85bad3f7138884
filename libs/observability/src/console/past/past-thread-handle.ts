import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ConsoleProblem } from '../http/console-problem';
import { type Question, STATUS_OF } from './questions';
import type { PastThreadData, ThreadAnswer } from './thread-messages';

/** The thread's file stands beside this one, compiled or not. */
const EXTENSION = extname(__filename);
const SCRIPT = join(__dirname, `past-thread${EXTENSION}`);
/** A state that does not fit is an error of that question, and of nothing else. */
const MEMORY_MB = 1_024;

interface Pending {
  /** The one that was asked: another that ends late has no part in it. */
  readonly worker: Worker;
  resolve(answer: string | undefined): void;
  reject(error: Error): void;
}

/** A thread that answers questions about the past, one at a time. It is started by the first, and again when it has died. */
export class PastThread {
  private worker: Worker | undefined;
  private pending: Pending | undefined;

  constructor(private readonly data: PastThreadData) {}

  /**
   * @returns JSON; undefined: there is no such thing
   * @throws ConsoleProblem (rejects) 400 where the question can't be answered as it is; Error with a sentence
   */
  ask(question: Question): Promise<string | undefined> {
    const worker = (this.worker ??= this.start());
    return new Promise<string | undefined>((resolve, reject) => {
      this.pending = { worker, resolve, reject };
      worker.postMessage(question);
    }).finally(() => (this.pending = undefined));
  }

  /** Ends it; the next question starts another. */
  async stop(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private start(): Worker {
    // Uncompiled sources need whatever loads them here; by itself a worker inherits that only outside of test runners.
    const loader = EXTENSION === '.ts' ? { execArgv: process.execArgv } : {};
    const worker = new Worker(SCRIPT, {
      workerData: this.data,
      name: 'past',
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      ...loader,
    });
    worker.unref();
    worker.on('message', ({ answer, failure, refusal }: ThreadAnswer) => {
      if (failure === undefined) this.pending?.resolve(answer);
      else
        this.pending?.reject(
          refusal === undefined
            ? new Error(failure)
            : new ConsoleProblem(STATUS_OF[refusal], refusal, failure),
        );
    });
    let cause: unknown;
    worker.once('error', (error) => (cause = error));
    worker.once('exit', () => {
      if (this.worker === worker) this.worker = undefined;
      if (this.pending?.worker !== worker) return;
      const why = cause instanceof Error ? cause.message : 'the thread has ended';
      this.pending.reject(new Error(`The past could not be rebuilt: ${why}.`));
    });
    return worker;
  }
}
