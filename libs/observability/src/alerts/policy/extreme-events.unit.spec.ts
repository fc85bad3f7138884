import { type AnyEvent, AlertLevel, EVENT_TYPES, type EpochMs, createEvent } from '@opensqt/trading-events';
import { alertsProjection } from '../model/alerts.projection';
import { initialAlerts } from '../model/alerts.state';
import { decisionContext } from '../testing/decisions';
import { AlertBook } from './alert-book';
import { decideRecord } from './decide-record';
import { DecisionTime } from './decision-time';
import { extremeEvents } from './testing/extreme-events';

const NOW = Date.UTC(2026, 5, 1, 12);
const CONTEXT = decisionContext();
const NAMES = CONTEXT.channels.map(({ name }) => name);

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
    for (const event of extremeEvents(type, NOW)) {
      expect(notified([event, critical(NOW)])).toEqual(NAMES);
      expect(notified([event, critical(NOW)], 1)).toEqual(NAMES);
    }
  });

  it('is notified after one of each type, before and after a restart', () => {
    const events = EVENT_TYPES.flatMap((type) => extremeEvents(type, NOW)).filter(
      ({ type }) => type !== 'silence.created',
    );
    expect(notified([...events, critical(NOW)])).toEqual(NAMES);
    expect(notified([...events, critical(NOW)], events.length)).toEqual(NAMES);
  });
});
