import { EVENT_CATALOGUE } from './catalogue';
import { systemClock } from '../clock';
import type { DomainEvent } from '../events/domain-event';
import { randomIds } from '../ids';
import type { DataOf, EventOf, EventType } from '../events/trading-event';
import { parseEvent } from './parse-event';
import { Rejection } from './rejection';

/** The parts of the envelope that a caller may set. */
export type EnvelopeOptions = Partial<
  Pick<DomainEvent<string, unknown>, 'id' | 'occurredAt' | 'causationId'>
>;

const nextId = randomIds();

/**
 * Makes an event: fills in its id (a fresh UUIDv7), source, schema version and, unless given, the wall clock's time, and parses
 * it ({@link parseEvent}): the event is a frozen record of its own, which nobody judges again.
 *
 * Data that breaks the catalogue's rules throws nothing here, since trading must not depend on being observed: the event is then
 * returned as it was put together, and whoever receives it refuses it.
 *
 * @param type one of the catalogue's event types
 * @param data the part that is specific to this event
 * @param envelope `id`, `occurredAt` and `causationId`, where the caller knows better
 * @throws TypeError when the catalogue has no such type
 * @example
 * const event = createEvent('price.updated', { symbol: 'BTCUSDT', price: '43059.97' });
 * emitter.emit(event.type, event);
 */
export function createEvent<Type extends EventType>(
  type: Type,
  data: DataOf<Type>,
  envelope: EnvelopeOptions = {},
): EventOf<Type> {
  if (!Object.hasOwn(EVENT_CATALOGUE, type)) {
    throw new TypeError(
      `There is no event type '${String(type)}'. Known types: ${Object.keys(EVENT_CATALOGUE).join(', ')}.`,
    );
  }
  const { source, version } = EVENT_CATALOGUE[type];
  const occurredAt = envelope.occurredAt ?? systemClock.now();
  const event = {
    id: envelope.id ?? nextId(Number.isFinite(occurredAt) ? occurredAt : 0),
    type,
    version,
    source,
    occurredAt,
    ...(envelope.causationId === undefined ? {} : { causationId: envelope.causationId }),
    data,
  };
  const parsed = parseEvent(event);
  return (parsed instanceof Rejection ? event : parsed) as unknown as EventOf<Type>;
}
