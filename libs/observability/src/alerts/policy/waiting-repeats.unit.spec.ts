import { type AlertEvent, createEvent } from '@opensqt/trading-events';
import { Decisions, decisionContext, inShort } from '../testing/decisions';

const NOON = Date.UTC(2026, 5, 1, 12);
const HOUR = 3_600_000;

const breach = createEvent(
  'risk.limit_breached',
  { scope: 'A', limit: 'max_position', value: '2', threshold: '1', severity: 'warning' },
  { occurredAt: NOON },
);
const cleared = createEvent(
  'risk.limit_cleared',
  { scope: 'A', limit: 'max_position' },
  { occurredAt: NOON + 9 * HOUR },
);

const toChat = (events: readonly AlertEvent[]): readonly string[] =>
  inShort(events.filter(({ data }) => 'channel' in data && data.channel === 'chat'));

function waiting(decisions: Decisions): readonly string[] {
  const { pending } = decisions.state;
  return [...pending.values()].flatMap(({ channel, kind }) => (channel === 'chat' ? [kind] : []));
}

describe('repeats that wait for their channel', () => {
  it('give way to a newer one, and to the end', () => {
    const decisions = new Decisions(decisionContext({ now: NOON }));
    decisions.on(breach);
    decisions.due(NOON + 4 * HOUR);
    expect(waiting(decisions)).toEqual(['raised', 'repeated']);

    const again = decisions.due(NOON + 8 * HOUR);
    expect(toChat(again)).toEqual(['delivery.abandoned', 'delivery.requested repeated chat']);
    expect(waiting(decisions)).toEqual(['raised', 'repeated']);

    decisions.on(cleared);
    expect(waiting(decisions)).toEqual(['raised', 'resolved']);
  });

  it('stay while they are under way', () => {
    const decisions = new Decisions(decisionContext({ now: NOON }));
    decisions.on(breach);
    decisions.due(NOON + 4 * HOUR);
    for (const { deliveryId, alertId, channel } of [...decisions.state.pending.values()]) {
      const started = { deliveryId, alertId, channel, attempt: 1, startedAt: NOON };
      decisions.given(createEvent('delivery.started', started));
    }
    decisions.on(cleared);
    expect(waiting(decisions)).toEqual(['raised', 'repeated', 'resolved']);
  });
});
