import { resolve } from 'node:path';
import { WatchedProcess, sourceArguments } from '@opensqt/event-log/testing';
import type { TradingEvent } from '@opensqt/trading-events';
import type { ObservabilityOptions } from '../index';

const APP = resolve(__dirname, 'observed-app.ts');

/** An application that imports the module, in a process of its own: it can be held up and killed. */
export class ObservedProcess extends WatchedProcess {
  private url = '';

  /**
   * Starts it; resolves when it takes events.
   *
   * @param output a file for its standard streams instead of a pipe
   */
  static async start(
    options: ObservabilityOptions,
    output: 'pipe' | number = 'pipe',
  ): Promise<ObservedProcess> {
    const started = new ObservedProcess(sourceArguments(APP, [JSON.stringify(options)]), {
      stdio: ['ignore', output, output, 'ipc'],
    });
    started.url = String(await started.message());
    return started;
  }

  emit(...events: readonly TradingEvent[]): void {
    this.child.send(events, () => undefined); // it may be killed before it has read them
  }

  /** An answer over HTTP. */
  async request(
    path: string,
    init: RequestInit = {},
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const answer = await fetch(`${this.url}${path}`, init);
    const text = await answer.text();
    return {
      status: answer.status,
      body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
    };
  }
}
