import { type AlertEvent, createEvent } from '@opensqt/trading-events';
import { breach, cleared } from '../testing/breach';
import { Decisions, decisionContext } from '../testing/decisions';

const NOON = Date.UTC(2026, 5, 1, 12);
const SYMBOLS = ['A', 'B', 'C', 'D', 'E'];

const requests = (events: readonly AlertEvent[]) =>
  events.flatMap((event) =>
    event.type === 'delivery.requested' && event.data.channel === 'chat' ? [event.data] : [],
  );

function decisionsWithBurst(burst: number): Decisions {
  const context = decisionContext({ now: NOON });
  return new Decisions({ ...context, settings: { ...context.settings, burst } });
}

describe('the ends of alerts in a burst', () => {
  it('are sent one by one where the alert had a message of its own', () => {
    const decisions = decisionsWithBurst(3);
    for (const symbol of SYMBOLS) decisions.on(breach(symbol, NOON));
    const ends = SYMBOLS.slice(0, 3).flatMap((symbol) => requests(decisions.on(cleared(symbol, NOON + 1))));
    expect(ends.map(({ kind }) => kind)).toEqual(['resolved', 'resolved', 'resolved']);
    const [digest] = requests(decisions.due(NOON + 60_000));
    expect(digest?.digest?.named).toHaveLength(2);
    expect(digest?.notice.title).toMatch(/^2 alerts/);
  });

  it('end what waits for the digest with them', () => {
    const decisions = decisionsWithBurst(1);
    decisions.on(breach('A', NOON), breach('B', NOON));
    const worse = createEvent(
      'risk.limit_breached',
      { scope: 'A', limit: 'max_position', value: '3', threshold: '1', severity: 'error' },
      { occurredAt: NOON + 1 },
    );
    decisions.on(worse);
    expect(requests(decisions.on(cleared('A', NOON + 2))).map(({ kind }) => kind)).toEqual(['resolved']);
    const [digest] = requests(decisions.due(NOON + 60_000));
    expect(digest?.notice.title).toMatch(/^1 alert /);
  });

  it('are lines of a digest that say so where only a digest had notified of the alert', () => {
    const decisions = decisionsWithBurst(1);
    for (const symbol of SYMBOLS) decisions.on(breach(symbol, NOON));
    expect(requests(decisions.due(NOON + 60_000)).map(({ kind }) => kind)).toEqual(['digest']);
    expect(requests(decisions.on(cleared('B', NOON + 60_001)))).toEqual([]);
    const [digest] = requests(decisions.due(NOON + 120_001));
    expect(digest?.notice.message).toContain('(over): ');
  });
});
