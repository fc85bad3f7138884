import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { EventLogError, type LeaseOptions } from '../event-log';
import type { PostgresDatabase } from './database';
import { writeFailed } from './postgres-failure';

const MIN_PAUSE_MS = 10;

/** A lease that is held: its token outdates all earlier ones of that name. */
export interface Grant {
  readonly name: string;
  readonly token: number;
}

/** The table's answer when a lease is asked for. Times are the server's: the machines' clocks need not agree. */
interface Answer {
  readonly granted: boolean;
  readonly token: number;
  readonly owner: string;
  readonly expires_ms: number;
  /** Until it expires; negative when it has. */
  readonly left_ms: number;
}

/** Leases as rows: they outlast a restart of the server, and end by themselves when their holder does. */
export class LeaseTable {
  private readonly owner = `process ${process.pid} on ${hostname()}`;

  /** @param lastingMs the duration of a lease that is not renewed */
  constructor(
    private readonly database: PostgresDatabase,
    readonly lastingMs: number,
  ) {}

  /** Acquires the lease once it is free; rejects when the signal aborts, or the table can't be asked. */
  async waitFor(name: string, signal: AbortSignal, onHeld?: LeaseOptions['onHeld']): Promise<Grant> {
    for (;;) {
      signal.throwIfAborted();
      const { granted, token, owner, left_ms } = await this.ask(name);
      if (granted && !signal.aborted) return { name, token };
      if (granted) await this.release({ name, token });
      else onHeld?.(owner);
      await this.pause(left_ms, signal);
    }
  }

  /**
   * Acquires the lease to write under that name, unless its holder is seen to be alive: one that has died renews it no more, and is waited out.
   *
   * @throws EventLogError `LOG_IN_USE` that names the holder
   */
  async acquireWriter(writer: string): Promise<Grant> {
    const name = `writer ${writer}`; // a name space of their own
    const first = await this.ask(name);
    for (let answer = first; ; answer = await this.ask(name)) {
      if (answer.granted) return { name, token: answer.token };
      if (answer.token !== first.token || answer.expires_ms > first.expires_ms) {
        const message = `${this.database.address.name} is being written under the name '${writer}' by ${answer.owner}. Stop that one first, or give this one a writer of its own: another name for another bot (name), another writer for a standby of the same bot (event_log.writer).`;
        throw new EventLogError('LOG_IN_USE', message);
      }
      await this.pause(answer.left_ms);
    }
  }

  /** False when another has taken it. */
  async renew({ name, token }: Grant): Promise<boolean> {
    const { connections, statements } = this.database;
    const rows = await connections.run(statements.renewLease, [name, token, this.lastingMs]);
    return rows.length > 0;
  }

  async release({ name, token }: Grant): Promise<void> {
    const { connections, statements } = this.database;
    await connections.run(statements.releaseLease, [name, token]);
  }

  private async ask(name: string): Promise<Answer> {
    const { connections, statements, address } = this.database;
    try {
      const [answer] = await connections.run<Answer & Record<string, unknown>>(statements.takeLease, [
        name,
        this.owner,
        this.lastingMs,
      ]);
      if (answer === undefined) throw new Error(`take_lease gave no row for ${name}`);
      return answer;
    } catch (error) {
      throw writeFailed(address.name, error);
    }
  }

  /** Until it may be free, or may have been renewed: holders may have leases of other lengths. */
  private pause(leftMs: number, signal?: AbortSignal): Promise<void> {
    return delay(Math.min(Math.max(leftMs, MIN_PAUSE_MS), this.lastingMs / 5), undefined, { signal });
  }
}
