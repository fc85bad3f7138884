import { messageOf } from './diagnosis';
import { backoffMs } from './backoff';
import { EventLogError, type LogStorage } from '../event-log';
import type { Awaitable, LogStore } from './log-store';

const EVERY_MS = 1_000;

/** Maintains a store's files or tables, again and again, without keeping the process alive for it. */
export class LogMaintenance {
  private timer: NodeJS.Timeout | undefined;
  private state: LogStorage = {};
  private gone: EventLogError | undefined;
  private failures = 0;
  private stopped = false;

  /** Undefined where a store has nothing to look after. */
  static of(store: LogStore): LogMaintenance | undefined {
    const { maintain } = store;
    return maintain && new LogMaintenance(store.name, () => maintain.call(store));
  }

  private constructor(
    private readonly name: string,
    private readonly maintain: () => Awaitable<LogStorage>,
  ) {
    this.schedule(0);
  }

  /** The state of the files as of the last run. */
  get storage(): LogStorage {
    return this.state;
  }

  /** The reason why nothing can be written, found also while nothing is: the file is gone. */
  get failure(): EventLogError | undefined {
    return this.gone;
  }

  /** Begins no further run. The store's closing ends the one that goes on. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.run(), delayMs);
    this.timer.unref();
  }

  private async run(): Promise<void> {
    try {
      this.state = await this.maintain();
      this.failures = 0;
      this.gone = undefined;
    } catch (cause) {
      this.failures += 1;
      this.gone = isGone(cause) ? cause : undefined;
      if (this.gone === undefined) this.state = { ...this.state, failure: this.failed(cause) };
    }
    this.schedule(this.failures === 0 ? EVERY_MS : EVERY_MS + backoffMs(this.failures));
  }

  private failed(cause: unknown): EventLogError {
    if (cause instanceof EventLogError && cause.code === 'LOG_ARCHIVE_FAILED') return cause;
    const why = messageOf(cause);
    const message = `${this.name} could not be maintained (retention, write-ahead log): ${why.replace(/\.?$/, '.')} Nothing is lost; it is tried again.`;
    return new EventLogError('LOG_ARCHIVE_FAILED', message, { cause });
  }
}

function isGone(cause: unknown): cause is EventLogError {
  return cause instanceof EventLogError && cause.code === 'LOG_FILE_GONE';
}
