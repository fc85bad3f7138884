import {
  type AnyEvent,
  FIRST_TIME,
  LAST_TIME,
  Rejection,
  createEvent,
  parseEvent,
} from '@opensqt/trading-events';
import type { EventRow } from './event-codec';

/** An event that was set aside. */
export interface QuarantinedEvent {
  readonly position: number;
  /** Its type, as far as it can be read. */
  readonly eventType: string;
  /** The fault that kept it from being read. */
  readonly reason: string;
}

/** A row as it was stored before its event was set aside, and the fault. */
export interface QuarantinedRow {
  readonly row: EventRow;
  readonly reason: string;
}

/** The type of the event that stands at the position of one that was set aside. */
export const QUARANTINED = 'event.quarantined';

type Times = Pick<EventRow, 'occurred_at' | 'committed_at'>;

/** The times of a row that has none before it: those that move nothing on. */
export const NO_TIMES: Times = { occurred_at: FIRST_TIME, committed_at: FIRST_TIME };

/**
 * The row that takes the place of one that can't be read: the position stays taken, so that readers find no gap. Its envelope is the
 * row's own as far as that is right, so that the fact is known when it is stated again.
 *
 * @param before the row before, whose times are taken where the row's own are wrong: a wrong time must not move anything on
 */
export function replacementOf(row: EventRow, reason: string, before: Times = NO_TIMES): EventRow {
  const { position } = row;
  const data = { eventType: shown(row.type), reason, stored: shown(row.data) };
  const made = { id: `quarantined-${position}`, occurredAt: before.occurred_at };
  let event: AnyEvent = createEvent(QUARANTINED, data, made);
  const kept = [{ id: row.id }, { occurredAt: row.occurred_at }, { causationId: row.causation_id }];
  for (const field of kept) {
    const tried = parseEvent({ ...event, ...field });
    if (!(tried instanceof Rejection)) event = tried;
  }
  return {
    position,
    id: event.id,
    type: event.type,
    version: event.version,
    source: event.source,
    occurred_at: event.occurredAt,
    causation_id: event.causationId ?? null,
    data: JSON.stringify(event.data),
    committed_at: isTime(row.committed_at) ? row.committed_at : before.committed_at,
    bot: textOrNull(row.bot),
    writer: textOrNull(row.writer),
  };
}

/** An event that was set aside, as it is listed. */
export function quarantinedEvent({ row, reason }: QuarantinedRow): QuarantinedEvent {
  return { position: row.position, eventType: shown(row.type), reason };
}

/** Whatever a column holds, as text. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= FIRST_TIME && value <= LAST_TIME;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
