import type { AnyEvent, EventType } from '@opensqt/trading-events';

/** An event as it stands in the log. */
export interface LogRecord {
  /** 1 for the first event; each next one is one more, without gaps. */
  readonly position: number;
  /** Wall clock at the commit, epoch milliseconds. */
  readonly committedAt: number;
  /** The bot that it is of. */
  readonly bot: string;
  /** The process of that bot which recorded it. */
  readonly writer: string;
  readonly event: AnyEvent;
}

/** A consumer's progress: it has dealt with everything up to and including `position`. */
export interface Checkpoint {
  readonly consumer: string;
  readonly position: number;
}

/** A projection's state, stored so that a restart need not read the log from its beginning. */
export interface Snapshot {
  readonly projection: string;
  /** The projection's own version: a snapshot of another version is not to be used. */
  readonly version: number;
  /** The last position that the state contains. */
  readonly position: number;
  /** JSON. */
  readonly state: string;
  /** As `snapshotChecksum` gives it; the log keeps it and does not judge it. */
  readonly checksum: string;
}

/** A part of the log. */
export interface ReadOptions {
  /** First position to read; the log's first unless given, or where that one has been dropped. */
  readonly from?: number;
  /** Last position to read, 0 for none; the log's end at the time of the call unless given. */
  readonly to?: number;
  /** Only events of these types. */
  readonly types?: readonly EventType[];
}

/** Handles committed records, in order, a batch at a time; the next batch waits until the returned promise resolves. */
export type RecordHandler = (records: readonly LogRecord[]) => void | Promise<void>;

/** Options of a subscription. */
export interface SubscribeOptions {
  /**
   * Called each time the handler threw or the log could not be read. The same batch is handed over again after a pause
   * that grows from 100 ms to 5 s. A process warning unless given.
   */
  readonly onError?: (error: unknown) => void;
}

/** A standing read of the log. */
export interface Subscription {
  /** Resolves when everything committed before the call has been handled; rejects with `LOG_CLOSED` if it ends before. */
  caughtUp(): Promise<void>;
  /** Ends it; resolves once a batch that is being handled is done. */
  close(): Promise<void>;
}

/** The room on a log's file system. */
export interface LogSpace {
  /** Bytes that this user may still write. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** The state of a log's files, or tables. */
export interface LogStorage {
  /** Absent until it was looked up. */
  readonly space?: LogSpace;
  /** Size of a file's write-ahead log. It grows while a reader keeps it from being emptied. */
  readonly walBytes?: number;
  /** Last position that was archived, of a log in a file; 0 when none was. */
  readonly archivedThrough?: number;
  /** Last position that was dropped, of a log in a database that has a retention; 0 when none was. */
  readonly droppedThrough?: number;
  /** The reason why maintenance (archiving, dropping, emptying the write-ahead log) fails, while it does. It is tried again; nothing is lost. */
  readonly failure?: EventLogError;
}

/** Options of waiting for a lease. */
export interface LeaseOptions {
  /** Ends the waiting: `lease()` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called each time the log could not be asked; it is asked again after a pause. A process warning unless given. */
  readonly onError?: (error: unknown) => void;
  /** Called each time that another process was found to have it, with who that is, such as `process 4711 on host-1`. */
  readonly onHeld?: (holder: string) => void;
}

/**
 * The right to act under a name, such as to decide alerts. One process of a bot has it at a time. Another one gets it
 * when it is released, when its holder's process has ended, or when that one has not been heard of for some seconds.
 *
 * Events that the holder records through {@link Lease.append} are fenced: a holder that was stopped for a while and doesn't know
 * yet that another has taken over records nothing.
 */
export interface Lease {
  readonly name: string;
  /**
   * Aborted when the lease was lost or released, with an EventLogError `LOG_LEASE_LOST` as its reason. Whatever acts
   * outside of the log, such as sending messages, must end with it. It is never got back: ask for a new one.
   *
   * Reading it compares the time: a process that was held up for longer than the lease lasts finds it aborted at once, before
   * any timer has run. Look at it right before whatever cannot be taken back.
   */
  readonly lost: AbortSignal;
  /**
   * Like {@link EventLog.append}, for what the holder records.
   *
   * @throws EventLogError (rejects) as that does, and `LOG_LEASE_LOST`: nothing was recorded, or the holder that was
   *   recorded it before it lost the lease. The next holder goes on from the checkpoint.
   */
  append(events: readonly AnyEvent[], checkpoint?: Checkpoint): Promise<void>;
  /** Commits what waits and lets the next one have it. Calling it again returns the same promise. */
  release(): Promise<void>;
}

/** The state of a log. */
export interface EventLogStatus {
  /** First position that is kept: 1, unless older ones were dropped from a database. As of the last look at the log's end. */
  readonly first: number;
  /** Last committed position; 0 when the log is empty. */
  readonly position: number;
  /** Events handed over and not yet committed. */
  readonly queueDepth: number;
  /** Events that may wait; beyond, `LOG_FULL`. Placed and cancelled orders are refused from four fifths of it. */
  readonly queueCapacity: number;
  /** Events refused with `LOG_FULL` since the log was opened. */
  readonly refused: number;
  /** Times that the thread that writes ended and was started again; what it had not committed was sent again. */
  readonly writerRestarts: number;
  /** Age of the oldest event that is not yet committed, in milliseconds; 0 when there is none. */
  readonly lagMs: number;
  /** Duration of the last commit, in milliseconds. */
  readonly appendMs: number;
  /**
   * The reason why commits fail, or would fail since the file is gone, while they do. What is queued is kept and tried
   * again.
   */
  readonly failure?: EventLogError;
  /** As of about a second ago, where this process maintains the log: its files, or its tables where they have a retention. */
  readonly storage?: LogStorage;
}

/**
 * The durable, ordered record of what happened. Everything observed can be rebuilt from it.
 *
 * Positions are gapless and start at 1; the oldest ones may have been dropped from a database. An event whose id the log already holds is skipped, so that stating a fact twice is
 * harmless. One process writes to a log at a time; to one in PostgreSQL several do, of one bot or of several, each under a
 * writer's name of its own. All of them read all records; checkpoints, snapshots and leases are each bot's own.
 */
export interface EventLog {
  /** The bot that it was opened for. */
  readonly bot: string;
  /** The name that this process writes under. */
  readonly writer: string;
  /** True when other processes may write to it too. */
  readonly shared: boolean;
  /**
   * Asks whether there is room for these events, for whoever acts on them before {@link append} has resolved. A refusal counts as
   * one of {@link append}.
   *
   * @returns undefined when there is room; otherwise the error that {@link append} would reject with: `LOG_FULL`, `LOG_READ_ONLY` or
   *   `LOG_CLOSED`
   */
  admit(events: readonly AnyEvent[]): EventLogError | undefined;
  /**
   * Hands events over. They become durable together with others, in the order of the calls; with `checkpoint`, the
   * checkpoint moves in the same transaction. While the disk refuses, the events stay queued and are tried again.
   *
   * @returns resolves when the events are on disk
   * @throws EventLogError (rejects) at once and before any of the events is queued: `LOG_FULL` when too many are waiting
   *   (orders placed and cancelled are refused first),
   *   `LOG_REFUSED` when `parseEvent` refuses one, `LOG_READ_ONLY`, `LOG_CLOSED` after {@link close};
   *   `LOG_WRITE_FAILED` when the log is closed while the disk still refuses
   */
  append(events: readonly AnyEvent[], checkpoint?: Checkpoint): Promise<void>;
  /**
   * Reads committed records in order, a chunk at a time. It begins where the log does when earlier positions have been dropped
   * ({@link EventLogStatus.first}).
   *
   * @throws EventLogError (rejects) `LOG_DROPPED` when what comes next is dropped while it reads
   */
  read(options?: ReadOptions): AsyncIterable<readonly LogRecord[]>;
  /**
   * Calls the handler with every record from `from` on: those already there, then each commit as it comes. Nothing is left
   * out and nothing comes twice, except a batch whose handler threw: that one is handed over again until it is handled.
   * It begins where the log does when `from` has been dropped; one that has fallen behind what is dropped later is
   * told so (`LOG_DROPPED`) and gets nothing more.
   */
  subscribe(from: number, handler: RecordHandler, options?: SubscribeOptions): Subscription;
  /** The bots that have opened it to write, oldest first. Records that no bot is recorded for are those of the first one. */
  bots(): Promise<readonly string[]>;
  /** The checkpoint of this bot's consumer; 0 when it has none. */
  checkpoint(consumer: string): Promise<number>;
  /** Moves a checkpoint on its own, for a consumer that found nothing to record. It never moves back. */
  saveCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /**
   * Stores a snapshot of this bot's and drops those of that projection but the last two and, with `history`, the first of each so
   * many positions that is of the same version.
   */
  saveSnapshot(snapshot: Snapshot, history?: number): Promise<void>;
  /**
   * The last two of this bot's stored snapshots of a projection, newest first.
   *
   * @param to the position that they are to lie at or before; the log's end unless given
   */
  snapshots(projection: string, to?: number): Promise<readonly Snapshot[]>;
  /**
   * Waits for this bot's lease of that name. Of several processes of a bot, the one that has a consumer's lease is
   * the one that acts as that consumer.
   *
   * @throws EventLogError (rejects) `LOG_CLOSED`, `LOG_READ_ONLY`
   * @example
   * const lease = await log.lease('alerts');
   * await lease.append(decisions, { consumer: 'alerts', position });
   */
  lease(name: string, options?: LeaseOptions): Promise<Lease>;
  status(): EventLogStatus;
  /** Resolves when everything handed over before the call is on disk; rejects while the disk refuses. */
  flush(): Promise<void>;
  /**
   * Flushes, ends the subscriptions and lets go of the file. Calling it again returns the same promise.
   *
   * @throws EventLogError (rejects) `LOG_WRITE_FAILED`, with the number of events that are lost, when the disk refuses
   */
  close(): Promise<void>;
}

/** Stable codes of what can go wrong with a log. */
export type EventLogErrorCode =
  | 'LOG_FULL'
  | 'LOG_CLOSED'
  | 'LOG_REFUSED'
  | 'LOG_READ_ONLY'
  | 'LOG_WRITE_FAILED'
  | 'LOG_FILE_GONE'
  | 'LOG_UNREADABLE'
  | 'LOG_DROPPED'
  | 'LOG_ARCHIVE_FAILED'
  | 'LOG_IN_USE'
  | 'LOG_LEASE_LOST'
  | 'LOG_UNSUPPORTED';

/** A failure of a log: what happened to which log, and what the operator can do. */
export class EventLogError extends Error {
  override readonly name = 'EventLogError';

  constructor(
    readonly code: EventLogErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
