import {
  type AnyEvent,
  EVENT_CATALOGUE,
  type EpochMs,
  type EventType,
  Rejection,
  parseEvent,
} from '@opensqt/trading-events';

const DIGITS = '9'.repeat(40);
const TINY = `0.${'0'.repeat(39)}1`;
const notice = {
  level: 'CRITICAL',
  title: 'x'.repeat(10_000),
  message: '\u{1f4a5}'.repeat(5_000),
  timestamp: 0,
  fields: {},
};

/** Values at both ends of what a field's rule admits, from the rule's name in the catalogue. */
function extremesOf(field: string, kind: string): readonly [unknown, unknown] {
  switch (kind) {
    case 'label':
      return ['x', '\u00fc'.repeat(64)];
    case 'id':
      return ['1', '\u00fc'.repeat(256)];
    case 'name':
      return ['', '\u00fc'.repeat(256)];
    case 'text':
      return ['', 'long '.repeat(10_000)];
    case 'boolean':
      return [false, true];
    case 'decimal string':
      return [`-${DIGITS}`, DIGITS];
    case 'decimal string ≥ 0':
      return ['0', DIGITS];
    case 'decimal string > 0':
      return [TINY, DIGITS];
    case 'milliseconds':
      return [0, 3_652 * 86_400_000];
    case 'epoch milliseconds':
      return [Date.UTC(2000, 0), Date.UTC(2200, 0)];
    case 'count':
      return [0, Number.MAX_SAFE_INTEGER];
    case 'decimal string or number':
      return [1e-40, `-${DIGITS}`];
    case 'object':
      return field === 'notice' ? [notice, notice] : [{}, { label: 'y'.repeat(1_000) }];
    case '{ upper bound: count }':
      return [{}, { 1: Number.MAX_SAFE_INTEGER, 1e300: 1, Infinity: 1 }];
    case '{ limit: { value, threshold } }':
      return [{}, { limit: { value: 1e-40, threshold: `-${DIGITS}` } }];
    case '{ name, message, stack? }':
      return [
        { name: '', message: '' },
        { name: 'E'.repeat(1_000), message: 'm'.repeat(10_000), stack: 'at x (y.js:1:1)\n'.repeat(1_000) },
      ];
    default: {
      const values = [...kind.matchAll(/`([^`]+)`/g)].map(([, word]) => word);
      return [values[0], values.at(-1)];
    }
  }
}

/** The event with its least and its greatest values, at the earliest and the latest time that is accepted, and now. */
export function extremeEvents(type: EventType, now: EpochMs): readonly AnyEvent[] {
  const { source, version, fields } = EVENT_CATALOGUE[type];
  const times = [Date.UTC(2000, 0, 1), now, Date.UTC(2200, 0, 1)];
  return [0, 1].flatMap((end) => {
    const data = Object.fromEntries(
      Object.entries(fields).map(([field, { kind }]) => [field, extremesOf(field, kind)[end]]),
    );
    return times.map((occurredAt) => {
      const event = parseEvent({
        id: `${type} ${end} ${occurredAt}`,
        type,
        version,
        source,
        occurredAt,
        data,
      });
      if (event instanceof Rejection) throw new Error(event.message);
      return event;
    });
  });
}
