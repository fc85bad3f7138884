import { setTimeout as delay } from 'node:timers/promises';
import type { TradingEvent } from '@opensqt/trading-events';
import { backoffMs } from './backoff';
import { type Checkpoint, EventLogError, type Lease } from '../event-log';
import type { StoreLease } from './log-store';
import type { LogWriter, LogWriterStatus } from './log-writer';

/** A lease and what writes under it. */
export class HeldLease implements Lease {
  readonly name: string;
  private releasing: Promise<void> | undefined;

  constructor(
    private readonly granted: StoreLease,
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

  async append(events: readonly TradingEvent[], checkpoint?: Checkpoint): Promise<void> {
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

/** Why a lease that was given back takes nothing more. */
export function released(name: string): EventLogError {
  return new EventLogError(
    'LOG_LEASE_LOST',
    `The lease '${name}' was released. Take it again to record anything.`,
  );
}

/** Asks again, with pauses, while asking fails; rejects when the signal aborts. */
export async function untilGranted(
  ask: () => Promise<StoreLease>,
  signal: AbortSignal,
  onError: (error: unknown) => void = (error) => process.emitWarning(String(error)),
): Promise<StoreLease> {
  for (let failures = 1; ; failures++) {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      onError(error);
      await delay(backoffMs(failures), undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}
