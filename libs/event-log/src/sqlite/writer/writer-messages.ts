import { messageOf } from '../../engine/diagnosis';
import type { LogIdentity } from '../../engine/identity';
import type { CommitBatch, Committed, EncodedEvent, Envelope } from '../../engine/log-store';
import {
  type Checkpoint,
  EventLogError,
  type EventLogErrorCode,
  type LogStorage,
  type Snapshot,
} from '../../event-log';
import type { Retention } from '../../engine/retention';
import type { FileIdentity } from '../file-identity';

/** The writer thread is started with these. */
export interface WriterThreadData {
  /** The log's file. */
  readonly path: string;
  /** The bot and the process that write the records. */
  readonly identity: LogIdentity;
  /** The file that a thread before this one has opened: no other is opened, or made, under its name. */
  readonly file?: FileIdentity | undefined;
  /** The limits beyond which events are archived, and where to; absent where nothing is. */
  readonly archive?: { readonly retention: Retention; readonly folder: string } | undefined;
}

/** The calls that the thread answers: of each its argument and its result. */
export interface WriterCalls {
  /** Only opens the file, as every call does while it is not open, and says which one it is. */
  open: [undefined, FileIdentity | undefined];
  commit: [FlatBatch, Committed];
  saveSnapshot: [{ readonly snapshot: Snapshot; readonly history?: number | undefined }, undefined];
  maintain: [undefined, LogStorage];
  close: [undefined, undefined];
}

/** A call on its way to the thread, with its number. */
export type WriterRequest = {
  [Method in keyof WriterCalls]: {
    readonly call: number;
    readonly method: Method;
    readonly argument: WriterCalls[Method][0];
  };
}[keyof WriterCalls];

/** The thread's answer to the call of that number. */
export interface WriterAnswer {
  readonly call: number;
  readonly result?: WriterCalls[keyof WriterCalls][1];
  readonly failure?: WriterFailure;
}

/** An error on its way between threads, which carry no classes. */
interface WriterFailure {
  readonly code: EventLogErrorCode;
  readonly message: string;
  /** The message of its cause. */
  readonly cause?: string;
}

/** An error as it goes to another thread. */
export function failureOf(error: unknown): WriterFailure {
  const message = messageOf(error);
  if (!(error instanceof EventLogError)) return { code: 'LOG_WRITE_FAILED', message };
  const { code, cause } = error;
  return cause instanceof Error ? { code, message, cause: cause.message } : { code, message };
}

/** An error as it came from the other thread. */
export function errorOf({ code, message, cause }: WriterFailure): EventLogError {
  return new EventLogError(code, message, cause === undefined ? {} : { cause: new Error(cause) });
}

const CELLS = 7;

/** A batch whose events are one flat list, seven cells each: it crosses to another thread in half the time of objects. */
export interface FlatBatch {
  readonly cells: readonly (string | number | null)[];
  readonly checkpoints: readonly Checkpoint[];
  readonly committedAt: number;
}

export function flatten({ events, checkpoints, committedAt }: CommitBatch<Envelope>): FlatBatch {
  const cells: (string | number | null)[] = [];
  for (const { event, data } of events) {
    const { id, type, version, source, occurredAt, causationId = null } = event;
    cells.push(id, type, version, source, occurredAt, causationId, data);
  }
  return { cells, checkpoints, committedAt };
}

export function unflatten({ cells, checkpoints, committedAt }: FlatBatch): CommitBatch<Envelope> {
  const events: EncodedEvent<Envelope>[] = [];
  for (let at = 0; at < cells.length; at += CELLS) events.push(eventAt(cells, at));
  return { events, checkpoints, committedAt };
}

function eventAt(cells: FlatBatch['cells'], at: number): EncodedEvent<Envelope> {
  const id = cells[at] as string;
  const type = cells[at + 1] as string;
  const version = cells[at + 2] as number;
  const source = cells[at + 3] as string;
  const occurredAt = cells[at + 4] as number;
  const causationId = cells[at + 5] as string | null;
  const data = cells[at + 6] as string;
  return causationId === null
    ? { event: { id, type, version, source, occurredAt }, data }
    : { event: { id, type, version, source, occurredAt, causationId }, data };
}
