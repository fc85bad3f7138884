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
import { messageOf } from './diagnosis';
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
  const bot = row.bot ?? firstBot;
  const writer = row.writer ?? bot;
  try {
    return { position: row.position, committedAt: row.committed_at, bot, writer, event: eventOf(row) };
  } catch (error) {
    throw notReadable(error, row, log);
  }
}

/**
 * The fault of a row: a column of the wrong type, data that is broken or not understood, or an event that the boundary's parser
 * refuses.
 *
 * @returns undefined when there is none
 */
export function faultOf(row: EventRow): string | undefined {
  const column = oddColumn(row);
  if (column !== undefined) return `its ${column} is of the wrong type`;
  if (Math.abs(row.committed_at) > Number.MAX_SAFE_INTEGER) return 'its committed_at is no time';
  try {
    const parsed = parseEvent(eventOf(row));
    return parsed instanceof Rejection ? parsed.message.replace(/^Event \S+: |\.$/g, '') : undefined;
  } catch (error) {
    return messageOf(error);
  }
}

const COLUMN_TYPES = {
  position: 'number',
  id: 'string',
  type: 'string',
  version: 'number',
  source: 'string',
  occurred_at: 'number',
  causation_id: 'string',
  data: 'string',
  committed_at: 'number',
  bot: 'string',
  writer: 'string',
} as const satisfies Readonly<Record<keyof EventRow, string>>;
const NULLABLE: ReadonlySet<string> = new Set(['causation_id', 'bot', 'writer']);
const COLUMNS = Object.keys(COLUMN_TYPES) as readonly (keyof EventRow)[];

/** The first column whose value is none that a log writes: a damaged file may hold any. */
export function oddColumn(row: EventRow): keyof EventRow | undefined {
  return COLUMNS.find((column) => {
    const value: unknown = row[column];
    if (value === null) return !NULLABLE.has(column);
    return typeof value !== COLUMN_TYPES[column];
  });
}

function checkCheckpoint({ consumer, position }: Checkpoint): void {
  const isName = typeof consumer === 'string' && !consumer.includes('\0');
  if (isName && Number.isSafeInteger(position) && position >= 0) return;
  const message = `The checkpoint of ${String(consumer)} can't be ${String(position)}: it must have a name, and a position from 0.`;
  throw new EventLogError('LOG_REFUSED', message);
}

/** Throws what keeps the event from being read. */
function eventOf(row: EventRow): AnyEvent {
  const { id, type, version, source, occurred_at: occurredAt, causation_id: causationId } = row;
  const data = fromJson(row.data);
  // Two literals: a replay makes millions of them, and a conditional spread costs as much as the rest of this.
  return upcast(
    causationId === null
      ? { id, type, version, source, occurredAt, data }
      : { id, type, version, source, occurredAt, causationId, data },
  );
}

function fromJson(text: string): WrittenData {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError('its data is not JSON', { cause });
  }
  if (typeof data === 'object' && data !== null) return data as WrittenData;
  throw new TypeError('its data is no object');
}

function notReadable(cause: unknown, { position }: EventRow, log: string): EventLogError {
  const event = `${log}: the event at position ${position}`;
  const remedy = 'npx opensqt verify --quarantine sets the event aside.';
  if (cause instanceof UpcastError) {
    const message = `${event} can't be understood: ${cause.message}. Use the release that wrote it, or a newer one; ${remedy}`;
    return new EventLogError('LOG_UNSUPPORTED', message, { cause });
  }
  const message = `${event} is broken, ${messageOf(cause)}. Restore the log from a backup; without one, ${remedy}`;
  return new EventLogError('LOG_UNREADABLE', message, { cause });
}
