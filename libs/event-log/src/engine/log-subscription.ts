import { backOff } from './backoff';
import {
  EventLogError,
  type LogRecord,
  type RecordHandler,
  type SubscribeOptions,
  type Subscription,
} from '../event-log';
import type { Awaitable } from './log-store';

/** The log, as far as a subscription needs it. */
export interface RecordSource {
  readonly name: string;
  /** The first position that is kept, as far as that is known: reading has it looked up. */
  first(): number;
  /** Last committed position. */
  end(): Awaitable<number>;
  /** Some records from that position on; none when it is not committed yet. */
  next(position: number): Promise<readonly LogRecord[]>;
  /** Milliseconds between looks for new records; undefined where {@link LogSubscription.wake} is called at each commit. */
  readonly pollMs: number | undefined;
}

interface Waiter {
  readonly position: number;
  resolve(): void;
  reject(error: Error): void;
}

/** Goes through the log record by record: pulls the next batch when the last one is handled, so nothing piles up. */
export class LogSubscription implements Subscription {
  private readonly stopping = new AbortController();
  private readonly onError: (error: unknown) => void;
  private readonly done: Promise<void>;
  private handled: number;
  private hasBegun = false;
  private waiters: Waiter[] = [];
  private woken = false;
  private endWait: (() => void) | undefined;

  constructor(
    private readonly source: RecordSource,
    from: number,
    private readonly handler: RecordHandler,
    options: SubscribeOptions,
  ) {
    this.handled = from - 1;
    this.onError = options.onError ?? warn;
    this.done = this.run();
  }

  async caughtUp(): Promise<void> {
    const position = await this.source.end();
    if (this.handled >= position) return;
    if (this.stopping.signal.aborted) throw this.ended();
    await new Promise<void>((resolve, reject) => this.waiters.push({ position, resolve, reject }));
  }

  async close(): Promise<void> {
    this.stop();
    await this.done;
  }

  /** Reads no further batch; {@link close} waits for the one in hand. */
  stop(): void {
    this.stopping.abort();
    this.wake();
  }

  /** Looks for records now: something was committed. */
  wake(): void {
    this.woken = true;
    this.endWait?.();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let failures = 0;
    let batch: readonly LogRecord[] = [];
    while (!signal.aborted) {
      try {
        this.woken = false;
        if (batch.length === 0) batch = await this.source.next(this.handled + 1);
        const last = batch.at(-1);
        if (last === undefined) {
          await this.untilWoken();
          continue;
        }
        if (signal.aborted) break;
        await this.handler(batch);
        this.handled = last.position;
        this.hasBegun = true;
        batch = [];
        failures = 0;
        this.resolveWaiters();
      } catch (error) {
        if (signal.aborted) break; // the batch is not handled: it comes again to whoever subscribes from there
        if (batch.length === 0 && this.beginsLater(error)) continue;
        failures += 1;
        this.report(error);
        await backOff(failures, signal);
      }
    }
    for (const waiter of this.waiters) waiter.reject(this.ended());
    this.waiters = [];
  }

  /** True when what it was to begin with has been dropped meanwhile: it begins where the log does. */
  private beginsLater(error: unknown): boolean {
    const isDropped = error instanceof EventLogError && error.code === 'LOG_DROPPED';
    const before = this.source.first() - 1;
    if (!isDropped || this.hasBegun || before <= this.handled) return false;
    this.handled = before;
    return true;
  }

  private async untilWoken(): Promise<void> {
    if (this.woken) return;
    await new Promise<void>((resolve) => {
      const { pollMs } = this.source;
      const timer = pollMs === undefined ? undefined : setTimeout(resolve, pollMs);
      this.endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.endWait = undefined;
  }

  private resolveWaiters(): void {
    const reached = this.waiters.filter(({ position }) => position <= this.handled);
    this.waiters = this.waiters.filter(({ position }) => position > this.handled);
    for (const waiter of reached) waiter.resolve();
  }

  private report(error: unknown): void {
    try {
      this.onError(error);
    } catch (failure) {
      warn(failure);
    }
  }

  private ended(): EventLogError {
    const message = `A subscription to ${this.source.name} ended after position ${this.handled}, before it had caught up.`;
    return new EventLogError('LOG_CLOSED', message);
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
