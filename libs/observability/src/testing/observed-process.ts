import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { MarketMakerEvent } from '@opensqt/trading-events';
import type { ObservabilityOptions } from '../index';

const RUNNER = resolve(__dirname, '../../../../tools/src/testing/typescript-require.js');
const APP = resolve(__dirname, 'observed-app.ts');

/** An application that imports the module, in a process of its own: it can be killed. */
export class ObservedProcess {
  /** Everything that it has printed. */
  output = '';
  private readonly ended: Promise<unknown>;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    const collect = (chunk: Buffer): void => void (this.output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.stdin.on('error', () => undefined); // it was killed before it had read everything
    this.ended = once(child, 'close');
  }

  /** Starts it; resolves when it takes events. */
  static async start(options: ObservabilityOptions): Promise<ObservedProcess> {
    const node = ['--conditions=@opensqt/source', '--require', RUNNER, APP, JSON.stringify(options)];
    const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' };
    const started = new ObservedProcess(spawn(process.execPath, node, { env }));
    await started.says(/listening at/);
    return started;
  }

  /** Resolves once it has printed that; rejects when it ends before. */
  async says(what: RegExp): Promise<void> {
    while (!what.test(this.output)) {
      if (this.child.exitCode !== null) throw new Error(`It has ended and said:\n${this.output}`);
      await new Promise((wait) => setTimeout(wait, 10));
    }
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Lets it stand still, as a machine that is suspended does. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  emit(...events: readonly MarketMakerEvent[]): void {
    for (const event of events) this.child.stdin.write(`${JSON.stringify(event)}\n`);
  }

  /** An answer over HTTP. */
  async request(
    path: string,
    init: RequestInit = {},
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const [, url = ''] = /listening at (\S+)/.exec(this.output) ?? [];
    const answer = await fetch(`${url}${path}`, init);
    const text = await answer.text();
    return {
      status: answer.status,
      body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
    };
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    await this.ended;
  }
}
