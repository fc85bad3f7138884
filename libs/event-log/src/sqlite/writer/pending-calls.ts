import type { LogStorage } from '../../event-log';
import type { WriterReport } from './writer-messages';
import { errorOf } from './writer-thread-handle';

/** What a request is answered by that has no answer but that it was done. */
const NO_STORAGE: LogStorage = { walBytes: 0, archivedThrough: 0 };

interface Call {
  /** The process must not end before it is answered. */
  readonly holdsProcess: boolean;
  resolve(storage: LogStorage): void;
  reject(error: Error): void;
}

/** What the writer thread was asked to do besides writing events, and has not answered yet. */
export class PendingCalls {
  private readonly calls = new Map<number, Call>();
  private last = 0;

  /** Whether the process must not end yet. */
  get holdProcess(): boolean {
    return [...this.calls.values()].some(({ holdsProcess }) => holdsProcess);
  }

  /** Adds a call; `ask` sends it under its number. */
  add(holdsProcess: boolean, ask: (call: number) => void): Promise<LogStorage> {
    const call = (this.last += 1);
    return new Promise((resolve, reject) => {
      this.calls.set(call, { holdsProcess, resolve, reject });
      ask(call);
    });
  }

  settle(report: Extract<WriterReport, { kind: 'answered' | 'maintained' }>): void {
    const call = this.calls.get(report.call);
    this.calls.delete(report.call);
    if (report.kind === 'maintained') call?.resolve(report.storage);
    else if (report.failure === undefined) call?.resolve(NO_STORAGE);
    else call?.reject(errorOf(report.failure));
  }

  /** There is nobody left to answer. */
  rejectAll(error: Error): void {
    for (const call of this.calls.values()) call.reject(error);
    this.calls.clear();
  }
}
