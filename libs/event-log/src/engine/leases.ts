import { once } from 'node:events';
import type { AnyEvent } from '@opensqt/trading-events';
import { backOff } from './backoff';
import { type Checkpoint, EventLogError, type Lease } from '../event-log';
import type { LogWriter, LogWriterStatus, StoreLease } from './log-store';

/** The right to act under a name, without how it records. */
export type GrantedLease = Pick<StoreLease, 'name' | 'lost' | 'release'>;

/** A lease and what writes under it. */
export class HeldLease implements Lease {
  readonly name: string;
  private releasing: Promise<void> | undefined;

  constructor(
    private readonly granted: GrantedLease,
    private readonly writer: LogWriter,
  ) {
    this.name = granted.name;
    // Closing the queue rejects what it holds; each append then says that the lease was lost.
    this.lost.addEventListener('abort', () => void this.writer.close().catch(() => undefined), {
      once: true,
    });
  }

  get lost(): AbortSignal {
    return this.granted.lost;
  }

  async append(events: readonly AnyEvent[], checkpoint?: Checkpoint): Promise<void> {
    if (this.releasing !== undefined) throw released(this.name);
    this.lost.throwIfAborted();
    try {
      await this.writer.append(events, checkpoint);
    } catch (error) {
      this.lost.throwIfAborted();
      throw error;
    }
  }

  status(): LogWriterStatus {
    return this.writer.status();
  }

  flush(): Promise<void> {
    return this.writer.flush();
  }

  release(): Promise<void> {
    this.releasing ??= this.writer.close().finally(() => this.granted.release());
    return this.releasing;
  }
}

/** The error of a lease that was released and is used. */
export function released(name: string): EventLogError {
  return new EventLogError(
    'LOG_LEASE_LOST',
    `The lease '${name}' was released. Ask for it again to record anything.`,
  );
}

/** Asks again, with pauses, while asking fails; rejects when the signal aborts. */
export async function untilGranted(
  ask: () => Promise<HeldLease>,
  signal: AbortSignal,
  onError: (error: unknown) => void = (error) => process.emitWarning(String(error)),
): Promise<HeldLease> {
  for (let failures = 1; ; failures++) {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      onError(error);
      await backOff(failures, signal);
      signal.throwIfAborted();
    }
  }
}

/** Leases on a log that one process has to itself: the first one who asks has it, the others wait in line. */
export class LocalLeases {
  private readonly lines = new Map<string, Promise<void>>();

  /** Resolves when everyone who asked before has released it; rejects when the signal aborts before. */
  async acquire(name: string, signal: AbortSignal): Promise<GrantedLease> {
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
