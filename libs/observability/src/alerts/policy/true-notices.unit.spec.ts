import { type AlertEvent, createEvent } from '@opensqt/trading-events';
import { Decisions, decisionContext } from '../testing/decisions';

const NOON = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;

const breach = createEvent(
  'risk.limit_breached',
  { scope: 'A', limit: 'max_position', value: '2', threshold: '1', severity: 'warning' },
  { occurredAt: NOON },
);
const tripped = (occurredAt: number) =>
  createEvent(
    'circuit_breaker.tripped',
    { scope: 'A', reason: 'max_volatility', value: '2', threshold: '1', cooldownMs: 60_000 },
    { occurredAt },
  );
const reset = (occurredAt: number) =>
  createEvent('circuit_breaker.reset', { scope: 'A', by: 'cooldown' }, { occurredAt });

const noticesTo = (channel: string, events: readonly AlertEvent[]) =>
  events.flatMap((event) =>
    event.type === 'delivery.requested' && event.data.channel === channel
      ? [{ kind: event.data.kind, ...event.data.notice }]
      : [],
  );

describe('the notices about an alert', () => {
  it('say in a repeat for how long it is open, and as of when its numbers are', () => {
    const decisions = new Decisions(decisionContext({ now: NOON }));
    const [raised] = noticesTo('chat', decisions.on(breach));
    const [repeated] = noticesTo('chat', decisions.due(NOON + 4 * 60 * MINUTE));
    expect(repeated?.kind).toBe('repeated');
    expect(repeated?.message).toBe(`Open for 4 h. As of 12:00:00: ${raised?.message ?? ''}`);
  });

  it('are true of a CRITICAL alert that flaps: each time that it begins, at its time', () => {
    const decisions = new Decisions(decisionContext({ now: NOON }));
    decisions.on(tripped(NOON), reset(NOON + MINUTE), tripped(NOON + 2 * MINUTE));
    const flapping = decisions.on(reset(NOON + 3 * MINUTE));
    expect(noticesTo('chat', flapping)[0]?.message).toContain('again when it holds again, or when');

    const [again] = noticesTo('chat', decisions.on(tripped(NOON + 4 * MINUTE)));
    expect(again).toMatchObject({
      kind: 'raised',
      level: 'CRITICAL',
      timestamp: NOON + 4 * MINUTE,
      fields: { Flapping: 'began 2 times' },
    });
  });

  it('are those of the end in the log where a condition that flaps is over for the moment', () => {
    const decisions = new Decisions(decisionContext({ now: NOON }));
    const [first] = noticesTo('log', decisions.on(tripped(NOON)));
    const [end] = noticesTo('log', decisions.on(reset(NOON + MINUTE)));
    decisions.on(tripped(NOON + 2 * MINUTE));
    const [over] = noticesTo('log', decisions.on(reset(NOON + 3 * MINUTE)));
    expect(over?.title).toBe(`Over for the moment: ${end?.title ?? ''}`);
    expect(over?.message).toBe(end?.message);

    const [again] = noticesTo('log', decisions.on(tripped(NOON + 4 * MINUTE)));
    expect(again?.title).toBe(first?.title);
  });
});
