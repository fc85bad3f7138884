import { EVENT_CATALOGUE, EVENT_TYPES } from '../catalogue/catalogue';
import type { AnyEvent } from '../events/trading-event';
import { type Upcaster, type Upcasters, UPCASTERS, type WrittenEvent } from './upcasters';

/** The reason that an event of the log can't be understood. */
export type UpcastErrorCode = 'UNKNOWN_TYPE' | 'UNKNOWN_VERSION' | 'UPCASTER_FAILED';

/** An event of the log can't be brought to today's version; says which event, and why. */
export class UpcastError extends Error {
  override readonly name = 'UpcastError';

  constructor(
    readonly code: UpcastErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}

/**
 * Makes an {@link upcast} of a table of today's versions and of upcasters.
 *
 * @param versions today's version of each type
 * @throws TypeError when a type has not exactly one upcaster between each of its versions
 */
export function createUpcast(
  versions: Readonly<Record<string, number>>,
  upcasters: Upcasters,
): (event: WrittenEvent) => AnyEvent {
  const today = new Map(Object.entries(versions));
  for (const [type, version] of today) {
    const steps = upcasters[type]?.length ?? 0;
    if (steps === version - 1) continue;
    throw new TypeError(
      `${type} is at version ${version} and has ${steps} upcasters; it needs ${version - 1}, one per step. See docs/events-evolution.md.`,
    );
  }
  return (event) => {
    const version = today.get(event.type);
    if (version === event.version) return event as unknown as AnyEvent;
    if (version === undefined) {
      const message = `there is no event type '${event.type}' in this release`;
      throw new UpcastError('UNKNOWN_TYPE', message);
    }
    if (event.version > version || event.version < 1) {
      const message = `it is version ${event.version} of ${event.type}, of which this release knows 1 to ${version}`;
      throw new UpcastError('UNKNOWN_VERSION', message);
    }
    return stepped(event, (upcasters[event.type] ?? []).slice(event.version - 1));
  };
}

/**
 * Brings an event of the log to today's version. One that is there already is returned as it is. The type never changes, so
 * that a log can be filtered by type before it is decoded.
 *
 * @throws UpcastError when this release does not know the type or the version: a newer one wrote it, and to leave the event
 *   out would make every figure that follows from it silently wrong
 * @example
 * upcast({ ...envelope, type: 'order.filled', version: 1, data: JSON.parse(row.data) });
 */
export const upcast = createUpcast(
  Object.fromEntries(EVENT_TYPES.map((type) => [type, EVENT_CATALOGUE[type].version])),
  UPCASTERS,
);

function stepped(written: WrittenEvent, steps: readonly Upcaster[]): AnyEvent {
  let event = written;
  for (const step of steps) {
    try {
      event = { ...event, version: event.version + 1, data: step(event.data, event) };
    } catch (cause) {
      const message = `version ${event.version} of ${event.type} could not be brought to version ${event.version + 1}: ${String(cause)}`;
      throw new UpcastError('UPCASTER_FAILED', message, { cause });
    }
  }
  return event as unknown as AnyEvent;
}
