import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { backoffMs } from '../backoff';

/** Hears of commits (LISTEN) on a connection of its own, which it makes again whenever it breaks. */
export class News {
  private readonly stopping = new AbortController();
  private readonly done: Promise<void>;
  private client: Client | undefined;

  /**
   * @param channel quoted for SQL
   * @param onPosition called with the log's last position; what is committed while the connection is away is not told
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
    void this.client?.end().catch(() => undefined);
    await this.done;
  }

  private async listen(): Promise<void> {
    const { signal } = this.stopping;
    // A connection that is ended while it is being made may never say so.
    const stopped = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    for (let failures = 0; !signal.aborted;) {
      const client = this.connect();
      this.client = client;
      const ended = endOf(client);
      client.on('notification', ({ payload }) => this.onPosition(Number(payload)));
      try {
        const listening = client.connect().then(() => client.query(`LISTEN ${this.channel}`));
        await Promise.race([listening, stopped]);
        failures = 0;
        await Promise.race([ended, stopped]);
      } catch {
        // subscribers look for themselves meanwhile, and tell what is wrong with the server
      }
      void client.end().catch(() => undefined);
      failures += 1;
      await delay(backoffMs(failures), undefined, { signal }).catch(() => undefined);
    }
  }
}

function endOf(client: Client): Promise<void> {
  return new Promise((resolve) => {
    client.once('end', resolve);
    client.on('error', () => resolve());
  });
}
