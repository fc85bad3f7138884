import type { EventType, TradingEvent } from '@opensqt/trading-events';
import type { Checkpoint, FactBatch, LeaseOptions, LogRecord, LogStorage, Snapshot } from '../event-log';

/** What a row is made of: an event's envelope, and its data as JSON. */
export interface EncodedEnvelope {
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly version: number;
    readonly source: string;
    readonly occurredAt: number;
    readonly causationId?: string;
  };
  readonly data: string;
}

/** An event whose data has been made JSON, so that storing it can't fail for its own sake. */
export interface EncodedEvent extends EncodedEnvelope {
  readonly event: TradingEvent;
}

/** What is committed in one transaction. */
export interface CommitBatch {
  readonly events: readonly EncodedEvent[];
  readonly checkpoints: readonly Checkpoint[];
  /** Epoch milliseconds. */
  readonly committedAt: number;
}

/** What a transaction brought about. */
export interface Commit {
  /** Those events that the log did not hold before. */
  readonly records: readonly LogRecord[];
  /** Last position of the log. */
  readonly position: number;
}

/** A store may answer at once or later: it may live in this thread or behind another one. */
export type Awaitable<Value> = Value | Promise<Value>;

/** A lease as a store grants it. */
export interface StoreLease {
  readonly name: string;
  /** Aborted, with an EventLogError as its reason, when it was lost or released. */
  readonly lost: AbortSignal;
  /** Like {@link LogStore.commit}; throws `LOG_LEASE_LOST`, and stores nothing, once another has the lease. */
  commit(batch: CommitBatch): Awaitable<Commit>;
  release(): Promise<void>;
}

/**
 * What a backend keeps, and nothing about when: queueing, batching, retries and subscriptions are the log's, the same for
 * every backend. A commit happens whole or not at all; one that threw may be given again.
 */
export interface LogStore {
  /** How messages call this log, such as its file. */
  readonly name: string;
  /** Stores the events that are new, at the next positions, and moves the checkpoints, never back. */
  commit(batch: CommitBatch): Awaitable<Commit>;
  /** 0 when the log is empty. */
  lastPosition(): Awaitable<number>;
  /** The records at positions `from` to `to`, both included, in order. */
  read(from: number, to: number, types?: readonly EventType[]): Awaitable<readonly LogRecord[]>;
  /**
   * The next facts from that position on, up to `to` at most: as many as can be had at a time. Without any, `from` is where to
   * go on. Absent where records are the fastest way to have them.
   */
  readFacts?(from: number, to: number): Awaitable<FactBatch>;
  /** 0 when there is none. */
  checkpoint(consumer: string): Awaitable<number>;
  saveSnapshot(snapshot: Snapshot): Awaitable<void>;
  /** Newest first. */
  snapshots(projection: string): Awaitable<readonly Snapshot[]>;
  /** Takes the lease once it is free; rejects when the signal aborts. Absent where one process has the store to itself. */
  lease?(name: string, signal: AbortSignal, onHeld?: LeaseOptions['onHeld']): Promise<StoreLease>;
  /** Calls back, with the log's last position, when another process has committed. Absent where nobody tells. */
  watch?(onNews: (position: number) => void): void;
  /**
   * Looks after the files, where there are any: archives what is due, empties the write-ahead log. Called about every second,
   * and not again before it is done; commits and reads go on meanwhile. Closing the store ends it early.
   */
  maintain?(): Awaitable<LogStorage>;
  close(): Awaitable<void>;
}
