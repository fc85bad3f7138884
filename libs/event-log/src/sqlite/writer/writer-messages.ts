import type { Append } from '../../engine/append-queue';
import type { EncodedEvent, Envelope } from '../../engine/log-store';
import {
  type Checkpoint,
  EventLogError,
  type EventLogErrorCode,
  type LogStorage,
  type Snapshot,
} from '../../event-log';
import type { Retention } from '../archive/retention';

/** The writer thread is started with these. */
export interface WriterThreadData {
  /** The log's file. */
  readonly path: string;
  /** The limits beyond which events are archived, and where to; undefined where nothing is. */
  readonly archive: { readonly retention: Retention; readonly folder: string } | undefined;
}

/** Messages to the writer thread. */
export type WriterRequest =
  | { readonly kind: 'append'; readonly appends: FlatAppends }
  | { readonly kind: 'flush'; readonly call: number }
  | { readonly kind: 'snapshot'; readonly call: number; readonly snapshot: Snapshot }
  | { readonly kind: 'maintain'; readonly call: number }
  | { readonly kind: 'close' };

/** Messages of the writer thread. */
export type WriterReport =
  | { readonly kind: 'opened'; readonly position: number }
  | { readonly kind: 'unopened'; readonly failure: WriterFailure }
  /** The next `appends` appends are on disk. */
  | {
      readonly kind: 'committed';
      readonly appends: number;
      /** Last position of the log. */
      readonly position: number;
      /** Those of their events, counted from 0, that the log held before. */
      readonly repeats: readonly number[];
      readonly committedAt: number;
      readonly tookMs: number;
    }
  /** A transaction was refused; it is tried again. */
  | { readonly kind: 'failed'; readonly failure: WriterFailure }
  | { readonly kind: 'answered'; readonly call: number; readonly storage?: LogStorage }
  | { readonly kind: 'refused'; readonly call: number; readonly failure: WriterFailure };

/** An error on its way between threads, which carry no classes. */
export interface WriterFailure {
  readonly code: EventLogErrorCode;
  readonly message: string;
  /** The message of its cause. */
  readonly cause?: string;
}

/** An error as it goes to another thread. */
export function failureOf(error: unknown): WriterFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof EventLogError)) return { code: 'LOG_WRITE_FAILED', message };
  const { code, cause } = error;
  return cause instanceof Error ? { code, message, cause: cause.message } : { code, message };
}

/** An error as it came from the other thread. */
export function errorOf({ code, message, cause }: WriterFailure): EventLogError {
  return new EventLogError(code, message, cause === undefined ? {} : { cause: new Error(cause) });
}

const EVENT_CELLS = 7;
const CHECKPOINT_CELLS = 2;

/**
 * Appends as one flat list, which crosses to another thread in half the time of objects: per append the numbers of its events
 * and checkpoints, then seven cells an event and two a checkpoint.
 */
export type FlatAppends = readonly (string | number | null)[];

export function flatten(appends: readonly Append<Envelope>[]): FlatAppends {
  const cells: (string | number | null)[] = [];
  for (const { events, checkpoints } of appends) {
    cells.push(events.length, checkpoints.length);
    for (const { event, data } of events) {
      const { id, type, version, source, occurredAt, causationId = null } = event;
      cells.push(id, type, version, source, occurredAt, causationId, data);
    }
    for (const { consumer, position } of checkpoints) cells.push(consumer, position);
  }
  return cells;
}

export function unflatten(cells: FlatAppends): readonly Append<Envelope>[] {
  const appends: Append<Envelope>[] = [];
  for (let at = 0; at < cells.length;) {
    const events: EncodedEvent<Envelope>[] = [];
    const checkpoints: Checkpoint[] = [];
    const endOfEvents = at + 2 + EVENT_CELLS * Number(cells[at]);
    const end = endOfEvents + CHECKPOINT_CELLS * Number(cells[at + 1]);
    for (at += 2; at < endOfEvents; at += EVENT_CELLS) events.push(eventAt(cells, at));
    for (; at < end; at += CHECKPOINT_CELLS)
      checkpoints.push({ consumer: cells[at] as string, position: cells[at + 1] as number });
    appends.push({ events, checkpoints });
  }
  return appends;
}

function eventAt(cells: FlatAppends, at: number): EncodedEvent<Envelope> {
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
