import type { EventType } from '@opensqt/trading-events';
import type { Client } from 'pg';
import { type EventRow, decodeRow } from '../engine/event-codec';
import type { LogIdentity } from '../engine/identity';
import {
  EventLogError,
  type LeaseOptions,
  type LogRecord,
  type LogStorage,
  type Snapshot,
} from '../event-log';
import type {
  CommitBatch,
  CommitTarget,
  Committed,
  EncodedEvent,
  LogStore,
  StoreLease,
} from '../engine/log-store';
import { listeningClient } from './connections';
import type { PostgresDatabase } from './database';
import type { Grant, LeaseTable } from './lease-table';
import { CommitListener } from './commit-listener';
import type { PartitionRetention } from './partition-retention';
import { PARTITION_EVENTS } from './partitions';
import { LEASE_LOST, codeOf, unreadable, writeFailed } from './postgres-failure';
import { PostgresLease } from './postgres-lease';

/** The right to write: without it, a store is read only. */
export interface Writing {
  readonly leases: LeaseTable;
  readonly grant: Grant;
  /** Absent where nothing is ever dropped. */
  readonly retention?: PartitionRetention | undefined;
}

/** The statements on a log's tables, each a transaction of its own. */
export class PostgresStore implements LogStore, CommitTarget {
  readonly name: string;
  readonly maintain: (() => Promise<LogStorage>) | undefined;
  private first = 1;
  private readonly writer: PostgresLease | undefined;
  private listener: CommitListener | undefined;

  /** @param firstBot the bot that records without one are of */
  constructor(
    private readonly database: PostgresDatabase,
    private readonly identity: LogIdentity,
    private readonly firstBot: string,
    private readonly writing?: Writing,
  ) {
    this.name = database.address.name;
    if (writing === undefined) return;
    const { leases, grant, retention } = writing;
    this.maintain =
      retention &&
      (async () => {
        await retention.run();
        await this.lastPosition();
        return { droppedThrough: this.first - 1 };
      });
    const commit = this.append.bind(this);
    this.writer = new PostgresLease(leases, grant, { name: grant.name, whenExpired: 'resume', commit });
  }

  commit(batch: CommitBatch): Promise<Committed> {
    if (this.writer === undefined) throw this.readOnly();
    return this.writer.commit(batch);
  }

  async lease(name: string, signal: AbortSignal, onHeld?: LeaseOptions['onHeld']): Promise<StoreLease> {
    if (this.writing === undefined) throw this.readOnly();
    const { leases } = this.writing;
    const grant = await leases.waitFor(`bot ${this.identity.bot} ${name}`, signal, onHeld);
    const commit = this.append.bind(this);
    return new PostgresLease(leases, grant, { name, whenExpired: 'abandon', commit });
  }

  watch(onCommit: (position: number) => void): void {
    const { address, connections } = this.database;
    const connect = (): Client => listeningClient(address, connections.process);
    this.listener = new CommitListener(connect, address.channel, onCommit);
  }

  get firstPosition(): number {
    return this.first;
  }

  lastPosition(): Promise<number> {
    return reading(this.database, async ({ connections, statements }) => {
      const [{ first = 1, last = 0 } = {}] = await connections.run<Partial<Ends>>(statements.ends);
      this.first = first;
      return last;
    });
  }

  async read(from: number, to: number, types?: readonly EventType[]): Promise<readonly LogRecord[]> {
    const records = await this.select(from, to, types);
    if (records[0]?.position === from) return records;
    await this.lastPosition();
    if (this.first > from) throw this.dropped(from);
    return records;
  }

  private select(from: number, to: number, types?: readonly EventType[]): Promise<readonly LogRecord[]> {
    return reading(this.database, async ({ connections, statements }) => {
      const rows = await (types === undefined
        ? connections.run<EventRow & Columns>(statements.range, [from, to])
        : connections.run<EventRow & Columns>(statements.rangeOfTypes, [from, to, types]));
      return rows.map((row) => decodeRow(row, this.name, this.firstBot));
    });
  }

  bots(): Promise<readonly string[]> {
    return reading(this.database, botsOf);
  }

  checkpoint(consumer: string): Promise<number> {
    return reading(this.database, async ({ connections, statements }) => {
      const [row] = await connections.run<{ position: number }>(statements.checkpoint, [
        this.identity.bot,
        consumer,
      ]);
      return row?.position ?? 0;
    });
  }

  async saveSnapshot(
    { projection, version, position, state, checksum }: Snapshot,
    history?: number,
  ): Promise<void> {
    const { connections, statements } = this.database;
    try {
      const { bot } = this.identity;
      await connections.run(statements.saveSnapshot, [
        bot,
        projection,
        version,
        position,
        state,
        checksum,
        this.historyOf(history),
      ]);
    } catch (error) {
      throw writeFailed(this.name, error);
    }
  }

  snapshots(projection: string, to: number): Promise<readonly Snapshot[]> {
    return reading(this.database, ({ connections, statements }) =>
      connections.run<Snapshot & Columns>(statements.snapshots, [this.identity.bot, projection, to]),
    );
  }

  async close(): Promise<void> {
    await this.writer?.release();
    await this.listener?.close();
    await this.database.connections.close();
  }

  private async append(
    { events, checkpoints, committedAt }: CommitBatch,
    { name, token }: Grant,
  ): Promise<Committed> {
    const { connections, statements } = this.database;
    const given = firstOfEachId(events);
    const column = <Value>(read: (encoded: EncodedEvent) => Value): readonly Value[] => given.map(read);
    try {
      const [row] = await connections.run<{ before: number; stored: readonly string[] | null }>(
        statements.append,
        [
          name,
          token,
          String(committedAt),
          this.identity.bot,
          this.identity.writer,
          column(({ event }) => event.id),
          column(({ event }) => event.type),
          column(({ event }) => event.version),
          column(({ event }) => event.source),
          column(({ event }) => String(event.occurredAt)),
          column(({ event }) => event.causationId ?? null),
          column(({ data }) => data),
          checkpoints.map(({ consumer }) => consumer),
          checkpoints.map(({ position }) => position),
        ],
      );
      if (row === undefined) throw new Error('append gave no row');
      // An id that comes more than once in a batch is stored once, where it comes first.
      const stored = new Set(row.stored ?? given.map(({ event }) => event.id));
      const { size } = stored;
      const repeats = events.flatMap(({ event }, index) => (stored.delete(event.id) ? [] : [index]));
      return { position: row.before + size, repeats };
    } catch (error) {
      throw codeOf(error) === LEASE_LOST ? this.overtaken(name, error) : writeFailed(this.name, error);
    }
  }

  /** Every kept position is to have a snapshot not far before it, also after those before it were dropped, by whichever process: one in each partition. */
  private historyOf(history?: number): number | null {
    return history === undefined ? null : Math.min(history, PARTITION_EVENTS);
  }

  private dropped(from: number): EventLogError {
    const message = `${this.name} has dropped positions ${from} to ${this.first - 1} (event_log.retention): it begins at position ${this.first}. Begin there, or with a snapshot after it.`;
    return new EventLogError('LOG_DROPPED', message);
  }

  private overtaken(lease: string, cause: unknown): EventLogError {
    const owner = cause instanceof Error ? cause.message : 'another process';
    const message = `${this.name} accepts nothing more from this process as '${lease}': ${owner} has taken that over, because this one was not heard of for a while. Restart it once the other one has ended.`;
    return new EventLogError('LOG_LEASE_LOST', message, { cause });
  }

  private readOnly(): EventLogError {
    return new EventLogError('LOG_READ_ONLY', `${this.name} was opened to be read only.`);
  }
}

async function reading<Result>(
  database: PostgresDatabase,
  work: (database: PostgresDatabase) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(database);
  } catch (error) {
    throw error instanceof EventLogError ? error : unreadable(database.address.name, 'read', error);
  }
}

/** The bots of the log, oldest first. */
export async function botsOf({ connections, statements }: PostgresDatabase): Promise<readonly string[]> {
  const rows = await connections.run<{ name: string }>(statements.bots);
  return rows.map(({ name }) => name);
}

interface Ends extends Columns {
  readonly first: number;
  readonly last: number;
}

type Columns = Readonly<Record<string, unknown>>;

function firstOfEachId(events: readonly EncodedEvent[]): readonly EncodedEvent[] {
  const seen = new Set<string>();
  return events.filter(({ event }) => !seen.has(event.id) && seen.add(event.id));
}
