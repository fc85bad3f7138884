import type { EventType, TradingEvent } from '@opensqt/trading-events';
import { type Checkpoint, EventLogError } from '../event-log';

/**
 * Facts that come in masses and that the venue can be asked about again. When much is waiting they are refused first, so that
 * there is room for what nobody can tell again: fills, positions, risk, alerts.
 */
const EXPENDABLE: ReadonlySet<EventType> = new Set(['order.placed', 'order.canceled', 'order.rejected']);

/** Up to this part of the queue everything is taken; beyond, what is expendable is not. */
const COMMON_SHARE = 0.8;

/**
 * Whether a queue takes these events.
 *
 * @param waiting how many events are in the queue
 * @param capacity how many it may hold
 */
export function admits(waiting: number, capacity: number, events: readonly TradingEvent[]): boolean {
  const after = waiting + Math.max(1, events.length);
  if (after > capacity) return false;
  const expendable = events.length > 0 && events.every(({ type }) => EXPENDABLE.has(type));
  return !expendable || after <= capacity * COMMON_SHARE;
}

/** The queue takes no more of these events. */
export function fullError(
  log: string,
  {
    events,
    waiting,
    capacity,
  }: { readonly events: number; readonly waiting: number; readonly capacity: number },
  failure: EventLogError | undefined,
): EventLogError {
  const why = failure?.message ?? 'Events come faster than they can be written.';
  const message = `${log} took none of ${events} events: ${waiting} of at most ${capacity} are waiting. ${why}`;
  return new EventLogError('LOG_FULL', message, { cause: failure });
}

/** @throws EventLogError `LOG_REFUSED` when it has no name or is no position */
export function checkCheckpoint({ consumer, position }: Checkpoint): void {
  const isName = typeof consumer === 'string' && !consumer.includes('\0');
  if (isName && Number.isSafeInteger(position) && position >= 0) return;
  const message = `The checkpoint of ${String(consumer)} can't be ${String(position)}: it must have a name, and a position from 0.`;
  throw new EventLogError('LOG_REFUSED', message);
}
