import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { MarketMakerEvent } from '@opensqt/trading-events';
import type { ObservabilityOptions } from '../../../options/observability-options';

const RUNNER = resolve(__dirname, '../../../../../../tools/src/testing/typescript-require.js');
const SCRIPT = resolve(__dirname, 'alert-process.script.ts');

/** The whole module in a process of its own, to be killed. */
export class AlertProcess {
  /** Everything it has printed. */
  output = '';
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;

  private constructor(options: ObservabilityOptions, output: 'pipe' | number) {
    const stdio: StdioOptions = ['ignore', output, output, 'ipc'];
    const node = ['--conditions=@opensqt/source', '--require', RUNNER, SCRIPT, JSON.stringify(options)];
    this.child = spawn(process.execPath, node, { stdio });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    this.closed = once(this.child, 'close');
  }

  /**
   * Starts, or starts again, on that log.
   *
   * @param output a file for its standard streams instead of a pipe
   */
  static async start(options: ObservabilityOptions, output: 'pipe' | number = 'pipe'): Promise<AlertProcess> {
    const started = new AlertProcess(options, output);
    const ready = once(started.child, 'message').then(() => true);
    if (!(await Promise.race([ready, started.closed.then(() => false)]))) {
      throw new Error(`The process ended by itself:\n${started.output}`);
    }
    return started;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  emit(...events: readonly MarketMakerEvent[]): void {
    this.child.send(events);
  }

  /** From now on nobody reads what it prints: its writes meet EPIPE. */
  closeOutput(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  /** Ends it with SIGKILL. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.closed;
  }
}
