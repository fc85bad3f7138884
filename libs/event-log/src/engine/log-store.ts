import type { AnyEvent, EventType } from '@opensqt/trading-events';
import type {
  Checkpoint,
  EventLogError,
  EventLogStatus,
  LeaseOptions,
  LogRecord,
  LogStorage,
  Snapshot,
} from '../event-log';
import type { LogIdentity } from './identity';

/** Snapshots of a projection that are kept and handed out: the last ones, whatever their positions. */
export const SNAPSHOTS_KEPT = 2;

/** An event's envelope: all of a row but its data, its position and its commit. */
export interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly source: string;
  readonly occurredAt: number;
  readonly causationId?: string;
}

/** An event whose data has been made JSON, so that storing it can't fail for its own sake. */
export interface EncodedEvent<Event extends Envelope = AnyEvent> {
  readonly event: Event;
  readonly data: string;
}

/** The work of one transaction. */
export interface CommitBatch<Event extends Envelope = AnyEvent> {
  readonly events: readonly EncodedEvent<Event>[];
  readonly checkpoints: readonly Checkpoint[];
  /** Epoch milliseconds. */
  readonly committedAt: number;
}

/** The outcome of one transaction. */
export interface Committed {
  /** Last position of the log. */
  readonly position: number;
  /** Those of the events, counted from 0, that the log held before. */
  readonly repeats: readonly number[];
}

/** A transaction that happened. */
interface Commit extends CommitBatch, Committed {}

/** The records that a commit has made, in order: its events but those that the log held before. */
export function recordsOf(
  { events, repeats, position, committedAt }: Commit,
  { bot, writer }: LogIdentity,
): readonly LogRecord[] {
  const known = new Set(repeats);
  let next = position - (events.length - known.size);
  const records: LogRecord[] = [];
  events.forEach(({ event }, index) => {
    if (known.has(index)) return;
    next += 1;
    records.push({ position: next, committedAt, bot, writer, event });
  });
  return records;
}

/** A store may answer at once or later: it may live in this thread or behind another one. */
export type Awaitable<Value> = Value | Promise<Value>;

/**
 * Stores the events that are new, at the next positions, and moves the checkpoints, never back: all of it or nothing. A batch
 * that threw may be given again.
 */
export interface CommitTarget {
  /** The log in messages, such as its file. */
  readonly name: string;
  commit(batch: CommitBatch): Awaitable<Committed>;
}

/** A lease as a store grants it. A commit under it throws `LOG_LEASE_LOST`, and stores nothing, once another has the lease. */
export interface StoreLease extends CommitTarget {
  /** Aborted, with an EventLogError as its reason, when it was lost or released. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/**
 * A backend's records as one bot has them, and nothing about when: queueing, batching, retries and subscriptions are the log's, the same for
 * every backend.
 */
export interface LogStore {
  /** The log in messages, such as its file. */
  readonly name: string;
  /** Times that the thread that writes died and was started again. Absent where there is none. */
  readonly writerRestarts?: number;
  /** First position that is kept, as of the last look at the last one. Absent where nothing is ever dropped. */
  readonly firstPosition?: number;
  /** 0 when the log is empty. */
  lastPosition(): Awaitable<number>;
  /**
   * The records at positions `from` to `to`, both included, in order.
   *
   * @throws EventLogError `LOG_DROPPED`
   */
  read(from: number, to: number, types?: readonly EventType[]): Awaitable<readonly LogRecord[]>;
  /** The bots that have opened it to write, oldest first. */
  bots(): Awaitable<readonly string[]>;
  /** 0 when there is none. */
  checkpoint(consumer: string): Awaitable<number>;
  saveSnapshot(snapshot: Snapshot, history?: number): Awaitable<void>;
  /** The last {@link SNAPSHOTS_KEPT} at or before that position, newest first. */
  snapshots(projection: string, to: number): Awaitable<readonly Snapshot[]>;
  /** Grants the lease once it is free; rejects when the signal aborts. Absent where one process has the store to itself. */
  lease?(name: string, signal: AbortSignal, onHeld?: LeaseOptions['onHeld']): Promise<StoreLease>;
  /** Calls back, with the log's last position, when another process has committed. Absent where no process notifies. */
  watch?(onCommit: (position: number) => void): void;
  /**
   * Looks after files and tables, where that is needed: archives or drops what is due, empties the write-ahead log. Called about every second,
   * and not again before it is done; commits and reads go on meanwhile. Closing the store ends it early.
   */
  readonly maintain?: (() => Awaitable<LogStorage>) | undefined;
  close(): Awaitable<void>;
}

/** The state of a writer. */
export type LogWriterStatus = Omit<EventLogStatus, 'first' | 'position' | 'storage' | 'writerRestarts'>;

/** The part of a log that makes things durable. Its methods promise the same as those of {@link EventLog}. */
export interface LogWriter {
  admit(events: readonly AnyEvent[]): EventLogError | undefined;
  /** @throws EventLogError what {@link EventLog.append} rejects with at once */
  append(events: readonly AnyEvent[], checkpoint?: Checkpoint): Promise<void>;
  status(): LogWriterStatus;
  flush(): Promise<void>;
  /** Flushes; what can't be written is abandoned, its appends reject. Nothing may be appended any more. */
  close(): Promise<void>;
}

/** A log's end has moved: by a commit of this process, or by something else. */
export type OnCommit = (commit: Commit | { readonly position: number }) => void;

/** Makes the writer of a log, or one that records under a lease of its store. */
export type LogWriterFactory = (onCommit: OnCommit, lease?: StoreLease) => LogWriter;
