import {
  type AnyEvent,
  AlertLevel,
  EVENT_CATALOGUE,
  EVENT_TYPES,
  type EpochMs,
  type EventType,
  Rejection,
  createEvent,
  parseEvent,
} from '@opensqt/trading-events';
import { alertsProjection } from '../model/alerts.projection';
import { initialAlerts } from '../model/alerts.state';
import { decisionContext } from '../testing/decisions';
import { AlertBook } from './alert-book';
import { decideRecord } from './decide-record';
import { DecisionTime } from './decision-time';

const NOW = Date.UTC(2026, 5, 1, 12);
const CONTEXT = decisionContext();
const NAMES = CONTEXT.channels.map(({ name }) => name);
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

/** The event with its least and its greatest values, at the earliest and the latest time that is accepted. */
function extremeEvents(type: EventType): readonly AnyEvent[] {
  const { source, version, fields } = EVENT_CATALOGUE[type];
  const times = [Date.UTC(2000, 0, 1), NOW, Date.UTC(2200, 0, 1)];
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

const critical = (occurredAt: EpochMs): AnyEvent =>
  createEvent(
    'circuit_breaker.tripped',
    { scope: 'BTCUSDT', reason: 'max_drawdown', value: '512', threshold: '500', cooldownMs: 600_000 },
    { occurredAt },
  );

/** Decides on events as the leader does, on a clock that shows {@link NOW}, with a restart before the one of that index. */
function notified(events: readonly AnyEvent[], restartBefore?: number): readonly string[] {
  const time = new DecisionTime();
  let book = new AlertBook(initialAlerts(), CONTEXT, NOW);
  return events.flatMap((event, index) => {
    if (index === restartBefore) {
      const written = JSON.stringify(alertsProjection.encode(book.state), (_, value: unknown) =>
        typeof value === 'object' && value !== null && Symbol.iterator in value
          ? [...(value as Iterable<unknown>)]
          : value,
      );
      const read = JSON.parse(written) as Readonly<Record<string, unknown>>;
      book = new AlertBook(alertsProjection.decode(read), CONTEXT, NOW);
    }
    if (event.source === 'alerts') book.fold(event as Parameters<AlertBook['fold']>[0]);
    const record = { position: index + 1, committedAt: NOW, bot: 'opensqt', writer: 'opensqt', event };
    const context = { ...CONTEXT, now: time.at(event.occurredAt, NOW), wallNow: NOW };
    const { events: decided, failures } = decideRecord({ book }, record, context);
    expect(failures).toEqual([]);
    return decided.flatMap((one) =>
      one.type === 'delivery.requested' &&
      one.data.kind === 'raised' &&
      one.data.notice.level === AlertLevel.Critical &&
      one.data.fingerprint.startsWith('circuit_breaker_trip{') &&
      one.data.fingerprint.includes('BTCUSDT')
        ? [one.data.channel]
        : [],
    );
  });
}

describe('a CRITICAL alert after an event with extreme values', () => {
  it.each(EVENT_TYPES.map((type) => ({ type })))('is notified at once after $type', ({ type }) => {
    for (const event of extremeEvents(type)) {
      expect(notified([event, critical(NOW)])).toEqual(NAMES);
      expect(notified([event, critical(NOW)], 1)).toEqual(NAMES);
    }
  });

  it('is notified after one of each type, before and after a restart', () => {
    const events = EVENT_TYPES.flatMap(extremeEvents).filter(({ type }) => type !== 'silence.created');
    expect(notified([...events, critical(NOW)])).toEqual(NAMES);
    expect(notified([...events, critical(NOW)], events.length)).toEqual(NAMES);
  });
});
