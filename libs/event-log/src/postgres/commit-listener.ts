import type { Client } from 'pg';
import { backOff } from '../engine/backoff';

/** Listens for commits (LISTEN) on a connection of its own, which it makes again whenever it breaks. */
export class CommitListener {
  private readonly stopping = new AbortController();
  private readonly done: Promise<void>;

  /**
   * @param channel quoted for SQL
   * @param onPosition called with the log's last position, but not of what is committed while the connection is away
   */
  constructor(
    private readonly connect: () => Client,
    private readonly channel: string,
    private readonly onPosition: (position: number) => void,
  ) {
    this.done = this.listen();
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.done;
  }

  private async listen(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted;) {
      const client = this.connect();
      const ended = endOf(client, signal);
      client.on('notification', ({ payload }) => this.onPosition(Number(payload)));
      try {
        // A client that is ended while it connects never says how that went: so its end is waited for as well.
        await Promise.race([client.connect(), ended]);
        await Promise.race([client.query(`LISTEN ${this.channel}`), ended]);
        failures = 0;
        await ended;
      } catch {
        // subscribers look for themselves meanwhile, and report what is wrong with the server
      }
      void client.end().catch(() => undefined);
      failures += 1;
      await backOff(failures, signal);
    }
  }
}

/** Resolves when the connection is over, or is to be. */
function endOf(client: Client, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      signal.removeEventListener('abort', over);
      resolve();
    };
    client.once('end', over);
    client.on('error', over);
    signal.addEventListener('abort', over);
  });
}
