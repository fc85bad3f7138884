import type { Clock, EpochMs } from '@opensqt/trading-events';

interface Task {
  readonly time: EpochMs;
  readonly sequence: number;
  readonly background: boolean;
  run: (() => void) | undefined;
}

/** Cancels a task; harmless once it has run. */
export type CancelTask = () => void;

/**
 * The market's time. It stands still between steps and jumps to the time of the next task or market event, so that a run
 * makes the same decisions at any speed. Tasks of the same time run in the order in which they were scheduled.
 */
export class MarketScheduler implements Clock {
  private readonly heap: Task[] = [];
  private time: EpochMs = 0;
  private sequence = 0;
  private foreground = 0;
  private touched = false;

  now(): EpochMs {
    return this.time;
  }

  /** Moves on to `time`; never back. */
  advanceTo(time: EpochMs): void {
    if (time > this.time) this.time = time;
  }

  /** Runs `task` once, `delayMs` from now. */
  after(delayMs: number, task: () => void): CancelTask {
    return this.schedule(this.time + delayMs, false, task);
  }

  /** Runs `task` once, `delayMs` from now, if the market still runs then: it does not count as work that is still to be done. */
  whileRunning(delayMs: number, task: () => void): CancelTask {
    return this.schedule(this.time + delayMs, true, task);
  }

  /** Runs `task` every `intervalMs`. It does not count as work that is still to be done. */
  every(intervalMs: number, task: () => void): CancelTask {
    let cancel: CancelTask;
    const repeat = (): void => {
      cancel = this.schedule(this.time + intervalMs, true, repeat);
      task();
    };
    cancel = this.schedule(this.time + intervalMs, true, repeat);
    return () => cancel();
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** The time of the next task, if there is one. */
  nextTime(): EpochMs | undefined {
    for (let first = this.heap[0]; first !== undefined; first = this.heap[0]) {
      if (first.run !== undefined) return first.time;
      this.pop();
    }
    return undefined;
  }

  /** Runs the next task at its time; false when there is none. */
  runNext(): boolean {
    if (this.nextTime() === undefined) return false;
    const task = this.pop();
    const run = task?.run;
    if (task === undefined || run === undefined) return false;
    task.run = undefined;
    if (!task.background) this.foreground--;
    this.touched = true;
    this.advanceTo(task.time);
    run();
    return true;
  }

  /** True while anything but repeating tasks is still to be done. */
  hasWork(): boolean {
    return this.foreground > 0;
  }

  /** True when a task ran or was scheduled since the last call: only then can promises be waiting to continue. */
  consumeTouched(): boolean {
    const { touched } = this;
    this.touched = false;
    return touched;
  }

  private schedule(time: EpochMs, background: boolean, run: () => void): CancelTask {
    const task: Task = { time, sequence: this.sequence++, background, run };
    if (!background) this.foreground++;
    this.touched = true;
    this.push(task);
    return () => {
      if (task.run === undefined) return;
      task.run = undefined;
      if (!background) this.foreground--;
    };
  }

  private push(task: Task): void {
    let index = this.heap.length;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.heap[parentIndex];
      if (parent === undefined || isBefore(parent, task)) break;
      this.heap[index] = parent;
      index = parentIndex;
    }
    this.heap[index] = task;
  }

  private pop(): Task | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      const left = this.heap[childIndex];
      if (left === undefined) break;
      const right = this.heap[childIndex + 1];
      if (right !== undefined && isBefore(right, left)) childIndex++;
      const child = this.heap[childIndex] ?? left;
      if (isBefore(last, child)) break;
      this.heap[index] = child;
      index = childIndex;
    }
    this.heap[index] = last;
    return first;
  }
}

function isBefore(a: Task, b: Task): boolean {
  return a.time < b.time || (a.time === b.time && a.sequence < b.sequence);
}
