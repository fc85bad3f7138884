import { once } from 'node:events';
import { released } from './held-lease';
import type { LogStore, StoreLease } from './log-store';

/** Leases on a log that one process has to itself: the first one who asks has it, the others wait in line. */
export class LocalLeases {
  private readonly lines = new Map<string, Promise<void>>();

  constructor(private readonly store: Pick<LogStore, 'commit'>) {}

  /** Resolves when everyone who asked before has released it; rejects when the signal aborts before. */
  async take(name: string, signal: AbortSignal): Promise<StoreLease> {
    const ended = new AbortController();
    const before = this.lines.get(name) ?? Promise.resolve();
    const over = once(ended.signal, 'abort').then(() => before);
    this.lines.set(name, over);
    try {
      await orAborted(before, signal);
    } catch (error) {
      ended.abort(error);
      throw error;
    }
    return {
      name,
      lost: ended.signal,
      commit: (batch) => this.store.commit(batch),
      release: async () => {
        ended.abort(released(name));
        if (this.lines.get(name) === over) this.lines.delete(name);
      },
    };
  }
}

async function orAborted(event: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const listening = new AbortController();
  const aborted = once(signal, 'abort', { signal: listening.signal }).then(() => signal.throwIfAborted());
  try {
    await Promise.race([event, aborted]);
  } finally {
    listening.abort();
    aborted.catch(() => undefined);
  }
}
