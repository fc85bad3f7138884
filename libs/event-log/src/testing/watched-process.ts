import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type EventuallyOptions, eventually } from '@opensqt/trading-events/testing';

/** The end of a process. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A Node process that is watched and killed from outside. All that waits for it fails with its output once it has ended. */
export class WatchedProcess {
  /** Its standard output and its errors, as they came. */
  output = '';
  stdout = '';
  stderr = '';
  protected readonly child: ChildProcess;
  private exit: Exit | undefined;
  private readonly closed: Promise<Exit>;

  /** @param node Node's arguments */
  constructor(node: readonly string[], options: SpawnOptions = {}) {
    this.child = spawn(process.execPath, node, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...options.env },
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      this.child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
        this[stream] += chunk;
        this.output += chunk;
      });
    }
    this.closed = once(this.child, 'close').then(([code, signal]) => (this.exit = { code, signal } as Exit));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.exit === undefined;
  }

  /** The lines of its standard output that are complete. */
  get lines(): readonly string[] {
    return this.stdout.split('\n').slice(0, -1);
  }

  /** Waits for a condition, as {@link eventually} does, but not beyond the end of the process. */
  async eventually(
    condition: Parameters<typeof eventually>[0],
    { what = String(condition), ...options }: EventuallyOptions = {},
  ): Promise<void> {
    const alive = async (): Promise<boolean> => {
      const { isRunning } = this; // asked first: what it did last counts
      try {
        if ((await condition()) !== false) return true;
      } catch (error) {
        if (isRunning) throw error;
      }
      if (!isRunning) throw this.endedEarly(what);
      return false;
    };
    await eventually(alive, { what, showing: () => this.output, ...options });
  }

  /** Waits until it has printed that. */
  async printed(text: string | RegExp, options?: EventuallyOptions): Promise<void> {
    const isPrinted = (): boolean =>
      typeof text === 'string' ? this.output.includes(text) : text.test(this.output);
    await this.eventually(isPrinted, { what: `it has printed ${String(text)}`, ...options });
  }

  /** Resolves with the next message that it sends, where it has a channel for them. */
  async message(): Promise<unknown> {
    const ended = new AbortController();
    const early = this.closed.then(() => Promise.reject(this.endedEarly('a message')));
    const next = once(this.child, 'message', { signal: ended.signal }) as Promise<readonly unknown[]>;
    next.catch(() => undefined);
    try {
      return (await Promise.race([next, early]))[0];
    } finally {
      ended.abort();
    }
  }

  /** From now on nobody reads what it prints there: its writes meet EPIPE. */
  closeOutput(streams: readonly ('stdout' | 'stderr')[] = ['stdout', 'stderr']): void {
    for (const stream of streams) this.child[stream]?.destroy();
  }

  /** Sends a signal: SIGSTOP holds it up, SIGCONT lets it go on. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves when it has ended and all that it printed has been read. */
  ended(): Promise<Exit> {
    return this.closed;
  }

  /** Ends it, unless it has ended. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    if (this.isRunning) this.signal(signal);
    return this.closed;
  }

  protected endedEarly(awaited: string): Error {
    const { code, signal } = this.exit ?? {};
    return new Error(`The process ended (${signal ?? code}) before: ${awaited}. It printed:\n${this.output}`);
  }
}
