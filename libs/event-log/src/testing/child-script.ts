import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { startSource } from './source-process';

/** A script of this folder that runs as a process of its own; its lines are read as they come. */
export class ChildScript {
  /** Its output, line by line. */
  readonly lines: string[] = [];
  private readonly child: ReturnType<typeof startSource>;
  private readonly done: Promise<unknown>;

  constructor(script: string, ...args: readonly string[]) {
    this.child = startSource(resolve(__dirname, script), args);
    this.child.stderr.pipe(process.stderr);
    const lines = createInterface({ input: this.child.stdout });
    lines.on('line', (line) => this.lines.push(line));
    this.done = Promise.all([once(this.child, 'close'), once(lines, 'close')]);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** True when it has ended by itself, which none of them should. */
  get failed(): boolean {
    return this.child.exitCode !== null;
  }

  /** SIGSTOP holds it up, SIGCONT lets it go on. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it with SIGKILL; resolves when all that it printed has been read. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.done;
  }
}
