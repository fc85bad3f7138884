import { EventLogError } from '../event-log';
import { released } from '../engine/leases';
import type { CommitBatch, Committed, StoreLease } from '../engine/log-store';
import type { Grant, LeaseTable } from './lease-table';

/** Three renewals may fail or be late before a lease ends. */
const RENEWALS = 4;

/** The fate of a lease that could not be renewed in time and that nobody else has got yet. */
export type WhenExpired =
  /** It is abandoned: what its holder does outside of the log is not fenced. */
  | 'abandon'
  /** It is renewed later: all that its holder does is to write, and that is fenced. */
  | 'resume';

export interface PostgresLeaseOptions {
  /** Its name among those of the bot. */
  readonly name: string;
  readonly whenExpired: WhenExpired;
  /** Stores under this lease; throws `LOG_LEASE_LOST` once another has it. */
  readonly commit: (batch: CommitBatch, grant: Grant) => Promise<Committed>;
}

/** A row of the lease table that is kept alive. */
export class PostgresLease implements StoreLease {
  readonly name: string;
  private readonly ended = new AbortController();
  private renewal: NodeJS.Timeout | undefined;
  private expiry: NodeJS.Timeout | undefined;
  /** By this process's monotonic clock. */
  private expiresAt = Infinity;

  constructor(
    private readonly table: LeaseTable,
    private readonly grant: Grant,
    private readonly options: PostgresLeaseOptions,
  ) {
    this.name = options.name;
    this.lastsFrom(performance.now());
    this.scheduleRenewal();
  }

  get lost(): AbortSignal {
    if (performance.now() >= this.expiresAt) this.expire();
    return this.ended.signal;
  }

  async commit(batch: CommitBatch): Promise<Committed> {
    try {
      return await this.options.commit(batch, this.grant);
    } catch (error) {
      if (error instanceof EventLogError && error.code === 'LOG_LEASE_LOST') this.end(error);
      throw error;
    }
  }

  async release(): Promise<void> {
    const held = !this.lost.aborted;
    this.end(released(this.name));
    // A server that can't be reached lets it expire.
    if (held) await this.table.release(this.grant).catch(() => undefined);
  }

  private scheduleRenewal(): void {
    this.renewal = setTimeout(() => void this.renew(), this.table.lastingMs / RENEWALS);
  }

  private async renew(): Promise<void> {
    const asked = performance.now();
    try {
      if (await this.table.renew(this.grant)) this.lastsFrom(asked);
      else this.end(this.lostTo('Another process has taken it over.'));
    } catch {
      // the server is away: tried again, until the lease has expired
    }
    if (!this.lost.aborted) this.scheduleRenewal();
  }

  /** @param asked the time at which the server was asked, so that it believes in the lease for longer than we do */
  private lastsFrom(asked: number): void {
    if (this.options.whenExpired === 'resume') return;
    clearTimeout(this.expiry);
    this.expiresAt = asked + this.table.lastingMs;
    this.expiry = setTimeout(() => this.expire(), this.expiresAt - performance.now());
  }

  private expire(): void {
    if (this.ended.signal.aborted) return;
    const why = `It could not be renewed for ${this.table.lastingMs} ms: the server is away, or this process was held up.`;
    this.end(this.lostTo(why));
  }

  private end(reason: EventLogError): void {
    this.expiresAt = Infinity;
    clearTimeout(this.renewal);
    clearTimeout(this.expiry);
    this.ended.abort(reason);
  }

  private lostTo(why: string): EventLogError {
    return new EventLogError('LOG_LEASE_LOST', `The lease '${this.name}' was lost. ${why}`);
  }
}
