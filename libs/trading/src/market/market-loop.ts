import type { EpochMs } from '@opensqt/trading-events';
import type { DurableGate } from './durable-gate';
import type { MarketEvent, MarketFeed } from './market-event';
import type { MarketScheduler } from './market-scheduler';
import type { Pacer } from './pacer';

/** The steps of a run, as its owner handles them. */
export interface MarketLoopHandlers {
  /** Called once, at the time of the first market event. */
  onStart(): void;
  onEvent(event: MarketEvent): void;
  /** The feed has ended: no event will come. */
  onFeedEnded(): void;
  /** The feed has ended and nothing scheduled is left to do. */
  onFinished(): void;
  /** Ends what is under way; the loop keeps market time going until it resolves. */
  shutDown(): Promise<void>;
}

export interface MarketLoopOptions {
  /** Market time when the feed has no event at all. */
  readonly startAt: EpochMs;
  readonly exitWhenFinished: boolean;
}

/**
 * The discrete-event loop: merges the feed with the scheduled tasks, one step at a time, tasks first at equal times.
 *
 * Promises are drained between steps, but only after a step that can have started or ended one; a trade that leads to
 * nothing costs no turn of the event loop.
 */
export class MarketLoop {
  private stopping = false;
  private leaveIdle: (() => void) | undefined;

  constructor(
    private readonly scheduler: MarketScheduler,
    private readonly pacer: Pacer,
    private readonly gate: DurableGate,
    private readonly handlers: MarketLoopHandlers,
    private readonly options: MarketLoopOptions,
  ) {}

  /** Runs until {@link stop}, or until the feed has ended when that is to be the end. A feed that throws ends it too. */
  async run(feed: MarketFeed): Promise<void> {
    const events = feed[Symbol.asyncIterator]();
    let next = await this.first(events);
    this.scheduler.advanceTo(next.done === true ? this.options.startAt : next.value.time);
    this.handlers.onStart();
    if (next.done === true) this.handlers.onFeedEnded();
    try {
      while (!this.stopping) {
        const task = this.scheduler.nextTime();
        if (next.done === true && (task === undefined || !this.scheduler.hasWork())) {
          await this.drainPromises();
          if (this.scheduler.hasWork()) continue;
          this.handlers.onFinished();
          if (!this.options.exitWhenFinished) await this.idle();
          break;
        }
        const taskIsNext = task !== undefined && (next.done === true || task <= next.value.time);
        const time = taskIsNext ? task : next.done === true ? this.scheduler.now() : next.value.time;
        const delay = this.pacer.delayUntil(time);
        if (delay > 1) {
          await this.pacer.sleep(delay);
          continue;
        }
        if (taskIsNext) {
          this.scheduler.runNext();
          if (this.gate.isWaitedAt) await this.openGate();
        } else if (next.done !== true) {
          this.scheduler.advanceTo(time);
          this.handlers.onEvent(next.value);
          if (this.gate.isWaitedAt) await this.openGate();
          if (this.scheduler.consumeTouched()) await this.pacer.yieldToEventLoop();
          next = await events.next();
          if (next.done === true) this.handlers.onFeedEnded();
        }
        await this.drainPromises();
      }
    } finally {
      await events.return?.();
      await this.finish();
    }
  }

  /** A feed that cannot even begin fails at a time, as everything does. */
  private async first(events: AsyncIterator<MarketEvent>): Promise<IteratorResult<MarketEvent>> {
    try {
      return await events.next();
    } catch (error) {
      this.scheduler.advanceTo(this.options.startAt);
      throw error;
    }
  }

  /** Ends the run at the next step. */
  stop(): void {
    this.stopping = true;
    this.pacer.wake();
    this.leaveIdle?.();
  }

  private async drainPromises(): Promise<void> {
    if (this.scheduler.consumeTouched() || this.pacer.mustYield()) await this.pacer.yieldToEventLoop();
  }

  /** Drains the step's consequences first, so that the disk's time can't come between. */
  private async openGate(): Promise<void> {
    await this.pacer.yieldToEventLoop();
    await this.gate.open();
  }

  private async idle(): Promise<void> {
    if (this.stopping) return;
    await new Promise<void>((resolve) => (this.leaveIdle = resolve));
  }

  private async finish(): Promise<void> {
    let over = false;
    const ended = this.handlers.shutDown().finally(() => (over = true));
    for (;;) {
      await this.pacer.yieldToEventLoop();
      if (over || !this.scheduler.runNext()) break;
      if (this.gate.isWaitedAt) await this.openGate();
    }
    await ended;
  }
}
