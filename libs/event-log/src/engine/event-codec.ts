import {
  type AnyEvent,
  Rejection,
  UpcastError,
  type WrittenData,
  parseEvent,
  upcast,
} from '@opensqt/trading-events';
import { type Checkpoint, EventLogError, type LogRecord } from '../event-log';
import type { Append } from './append-queue';
import type { EncodedEvent } from './log-store';

/** An event as a table's row. */
export interface EventRow {
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly source: string;
  readonly occurred_at: number;
  readonly causation_id: string | null;
  readonly data: string;
  readonly committed_at: number;
  /** Null, as is the writer, where a release wrote it that recorded none. */
  readonly bot: string | null;
  readonly writer: string | null;
}

/**
 * Makes a call of append() one that can be stored, whole: each event the record that the boundary's parser gives. One event that no transaction
 * can store would hold up all others.
 *
 * @throws EventLogError `LOG_REFUSED` when one of the events can't be stored, or the checkpoint has no name or is no position
 */
export function storable(events: readonly AnyEvent[], checkpoint: Checkpoint | undefined): Append {
  if (checkpoint !== undefined) checkCheckpoint(checkpoint);
  return { events: events.map(storableEvent), checkpoints: checkpoint === undefined ? [] : [checkpoint] };
}

function storableEvent(event: AnyEvent): AnyEvent {
  const parsed = parseEvent(event);
  if (parsed instanceof Rejection) {
    throw new EventLogError('LOG_REFUSED', `${parsed.message} It can't be stored; mend its source.`);
  }
  return parsed;
}

/** The event with its data as JSON. Records are frozen, so that it is the same whenever it is made: long after the call that appended it. */
export function encodeEvent(event: AnyEvent): EncodedEvent {
  return { event, data: JSON.stringify(event.data) };
}

/**
 * Makes a record of a row; an event of an earlier version is brought to today's.
 *
 * @param firstBot the bot that records without one are of
 * @throws EventLogError that names the position: `LOG_UNREADABLE` when its data is broken, `LOG_UNSUPPORTED` when a newer
 *   release wrote it
 */
export function decodeRow(row: EventRow, log: string, firstBot: string): LogRecord {
  const { position, id, type, version, source, occurred_at: occurredAt, causation_id: causationId } = row;
  const data = fromJson(row, log);
  // Two literals: a replay makes millions of them, and a conditional spread costs as much as the rest of this.
  const event =
    causationId === null
      ? { id, type, version, source, occurredAt, data }
      : { id, type, version, source, occurredAt, causationId, data };
  try {
    const bot = row.bot ?? firstBot;
    const writer = row.writer ?? bot;
    return { position, committedAt: row.committed_at, bot, writer, event: upcast(event) };
  } catch (error) {
    throw error instanceof UpcastError ? notUnderstood(error, row, log) : error;
  }
}

function checkCheckpoint({ consumer, position }: Checkpoint): void {
  const isName = typeof consumer === 'string' && !consumer.includes('\0');
  if (isName && Number.isSafeInteger(position) && position >= 0) return;
  const message = `The checkpoint of ${String(consumer)} can't be ${String(position)}: it must have a name, and a position from 0.`;
  throw new EventLogError('LOG_REFUSED', message);
}

function fromJson(row: EventRow, log: string): WrittenData {
  const advice = 'Restore the file from a backup, or read from the next position on.';
  let data: unknown;
  try {
    data = JSON.parse(row.data);
  } catch (cause) {
    const message = `${log}: the event at position ${row.position} is broken, its data is not JSON. ${advice}`;
    throw new EventLogError('LOG_UNREADABLE', message, { cause });
  }
  if (typeof data === 'object' && data !== null) return data as WrittenData;
  const message = `${log}: the event at position ${row.position} is broken, its data is no object. ${advice}`;
  throw new EventLogError('LOG_UNREADABLE', message);
}

function notUnderstood(cause: UpcastError, { position }: EventRow, log: string): EventLogError {
  const message = `${log}: the event at position ${position} can't be understood: ${cause.message}. Use the release that wrote it, or a newer one.`;
  return new EventLogError('LOG_UNSUPPORTED', message, { cause });
}
