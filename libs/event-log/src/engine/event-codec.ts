import { type AnyEvent, UpcastError, type WrittenData, upcast } from '@opensqt/trading-events';
import { type Checkpoint, EventLogError, type LogRecord } from '../event-log';
import type { Append } from './append-queue';
import type { EncodedEvent } from './log-store';

/** Far above any real event, and far below what a row may hold. */
const MAX_DATA_LENGTH = 16 * 1024 * 1024;

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
}

/**
 * Makes a call of append() storable, whole.
 *
 * @throws EventLogError `LOG_REFUSED` when one of the events can't be, or the checkpoint has no name or is no position
 */
export function encodeAppend(events: readonly AnyEvent[], checkpoint: Checkpoint | undefined): Append {
  if (checkpoint !== undefined) checkCheckpoint(checkpoint);
  return { events: events.map(encodeEvent), checkpoints: checkpoint === undefined ? [] : [checkpoint] };
}

/**
 * Makes an event storable, or says why it is not: one event that no transaction can store would hold up all others.
 *
 * @throws EventLogError `LOG_REFUSED`
 */
export function encodeEvent(event: AnyEvent): EncodedEvent {
  const { id, type, version, source, occurredAt, causationId } = event;
  if (typeof id !== 'string' || id === '') throw refused(event, 'its id must be text');
  if (typeof type !== 'string' || typeof source !== 'string')
    throw refused(event, 'it has no type or source');
  if (!Number.isSafeInteger(version) || !Number.isFinite(occurredAt)) {
    throw refused(event, 'its version and occurredAt must be numbers');
  }
  if (causationId !== undefined && typeof causationId !== 'string') {
    throw refused(event, 'its causationId must be text');
  }
  if ([id, type, source, causationId].some((text) => text?.includes('\0') === true)) {
    throw refused(event, 'its id, type, source and causationId must not contain the character U+0000');
  }
  const data = toJson(event);
  if (data.length > MAX_DATA_LENGTH) {
    throw refused(event, `its data is larger than ${MAX_DATA_LENGTH} characters`);
  }
  return { event, data };
}

/**
 * Makes a record of a row; an event of an earlier version is brought to today's.
 *
 * @throws EventLogError that names the position: `LOG_UNREADABLE` when its data is broken, `LOG_UNSUPPORTED` when a newer
 *   release wrote it
 */
export function decodeRow(row: EventRow, log: string): LogRecord {
  const { position, id, type, version, source, occurred_at: occurredAt, causation_id: causationId } = row;
  const data = fromJson(row, log);
  // Two literals: a replay makes millions of them, and a conditional spread costs as much as the rest of this.
  const event =
    causationId === null
      ? { id, type, version, source, occurredAt, data }
      : { id, type, version, source, occurredAt, causationId, data };
  try {
    return { position, committedAt: row.committed_at, event: upcast(event) };
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

function toJson(event: AnyEvent): string {
  let data: string | undefined;
  try {
    data = JSON.stringify(event.data);
  } catch (cause) {
    throw refused(event, `its data can't be written as JSON: ${String(cause)}`, { cause });
  }
  if (data?.startsWith('{') !== true) throw refused(event, 'its data must be an object');
  return data;
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

function refused(event: AnyEvent, why: string, options?: ErrorOptions): EventLogError {
  const message = `Event ${String(event.type)} (id ${String(event.id)}) can't be stored: ${why}. Mend its source.`;
  return new EventLogError('LOG_REFUSED', message, options);
}
