import type { Clock } from '@opensqt/trading-events';
import type { Retention } from '../engine/retention';
import { EventLogError } from '../event-log';
import type { PostgresDatabase } from './database';
import { codeOf, writeFailed } from './postgres-failure';

const LOCK_NOT_AVAILABLE = '55P03';
/** Rows of the chain that are removed at a time. */
const COMMITS_AT_ONCE = 10_000;

/** The oldest partition of a log, and what decides about it. */
export interface OldestPartition {
  readonly first: number;
  readonly last: number;
  /** Of its last event; epoch milliseconds. 0 where a commit that reached over its end was dropped with the partition before. */
  readonly committed_at: number;
  /** Last position of the log, beyond this partition. */
  readonly end: number;
  /** Of all partitions, indexes included. */
  readonly bytes: number;
  /** Of this one. */
  readonly oldest_bytes: number;
  /** Positions in a partition that is made new. */
  readonly partition_events: number;
  /** The consumer that is furthest behind; null where there is none. */
  readonly bot: string | null;
  readonly consumer: string | null;
  readonly reached: number | null;
}

/**
 * True when the limits want the oldest partition dropped: all its events are older than the age, or without it the log is still
 * as large as the size. The first partition of an upgraded log is almost all of it, and is not to leave nothing.
 *
 * @param now epoch milliseconds
 */
export function isDue({ maxAge, maxSize }: Retention, oldest: OldestPartition, now: number): boolean {
  const isOld = maxAge !== undefined && oldest.committed_at < now - maxAge;
  return isOld || (maxSize !== undefined && oldest.bytes - oldest.oldest_bytes >= maxSize);
}

/** Drops whole partitions of a log, the oldest first, once they are due and every consumer and every bot's snapshots are beyond them. */
export class PartitionRetention {
  constructor(
    private readonly database: PostgresDatabase,
    private readonly limits: Retention,
    private readonly clock: Clock,
  ) {}

  /**
   * Drops what is due.
   *
   * @throws EventLogError `LOG_ARCHIVE_FAILED` when a consumer that has stopped holds it up, `LOG_WRITE_FAILED`
   */
  async run(): Promise<void> {
    try {
      for (;;) {
        const oldest = await this.oldest();
        if (oldest === undefined || !isDue(this.limits, oldest, this.clock.now())) break;
        const { first, last, end, partition_events } = oldest;
        const reached = oldest.reached ?? 0;
        if (reached >= last && (await this.drop(first))) continue;
        if (end - reached > partition_events) throw this.heldUp(oldest);
        break; // it is about to get beyond
      }
      await this.dropCommits();
    } catch (error) {
      throw error instanceof EventLogError ? error : writeFailed(this.database.address.name, error);
    }
  }

  private async oldest(): Promise<OldestPartition | undefined> {
    const { connections, statements } = this.database;
    const [oldest] = await connections.run<OldestPartition & Columns>(statements.oldestPartition);
    return oldest;
  }

  /** False when it has to wait, for a reader that is long at work or for another process that does the same. */
  private async drop(first: number): Promise<boolean> {
    const { connections, statements } = this.database;
    try {
      const [row] = await connections.run<{ dropped: boolean }>(statements.dropPartition, [first]);
      return row?.dropped === true;
    } catch (error) {
      if (codeOf(error) === LOCK_NOT_AVAILABLE) return false;
      throw error;
    }
  }

  private async dropCommits(): Promise<void> {
    const { connections, statements } = this.database;
    for (let removed = COMMITS_AT_ONCE; removed === COMMITS_AT_ONCE;)
      removed = (await connections.run(statements.dropCommits, [COMMITS_AT_ONCE])).length;
  }

  private heldUp({ first, last, bot, consumer, reached }: OldestPartition): EventLogError {
    const { name, schema } = this.database.address;
    const who =
      bot === null
        ? 'no bot has written a snapshot yet. Wait for the first one'
        : `the consumer '${consumer}' of the bot ${bot} has got no further than position ${reached}. Start that bot, or, if it is gone for good, remove its checkpoints: DELETE FROM ${schema}.checkpoints WHERE bot = '${bot.replaceAll("'", "''")}'`;
    const message = `${name} keeps positions ${first} to ${last}, which its retention wants dropped: ${who}.`;
    return new EventLogError('LOG_ARCHIVE_FAILED', message);
  }
}

type Columns = Readonly<Record<string, unknown>>;
