import { type AlertEvent, createEvent } from '@opensqt/trading-events';
import { alertsOptions } from '../../options/alerts.options';
import { breach } from '../testing/breach';
import { Decisions, decisionContext } from '../testing/decisions';

const NOON = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;

/** The requests of messages to the chat. */
function requested(events: readonly AlertEvent[]) {
  return events.flatMap((event) =>
    event.type === 'delivery.requested' && event.data.channel === 'chat' ? [event.data] : [],
  );
}

const namedIn = ({ digest }: ReturnType<typeof requested>[number]) =>
  digest?.named.map((one) => one.slice(-4, -2));

describe('a digest that is a dead letter', () => {
  it('is sent again without what gathers for the next one, and counts for what it had', () => {
    const settings = alertsOptions.parse({ burst: 1 });
    const decisions = new Decisions(decisionContext({ settings, now: NOON }));
    decisions.on(breach('A1', NOON), breach('A2', NOON + 1), breach('A3', NOON + 2));
    const [first] = requested(decisions.due(NOON + 2 * MINUTE));
    if (first === undefined) throw new Error('no digest');
    const { deliveryId, alertId, channel } = first;
    const end = { deliveryId, alertId, channel, attempt: 1, reason: 'rejected', detail: '400' } as const;
    decisions.given(createEvent('delivery.abandoned', end));
    expect(decisions.state.deadLetters.get(deliveryId)?.covers).toHaveLength(2);

    const later = NOON + 3 * MINUTE + 1;
    decisions.on(breach('B1', later), breach('B2', later + 1), breach('B3', later + 2));
    const again = { ...first, deliveryId: 'again', resendOf: deliveryId };
    decisions.given(
      createEvent('delivery.requested', again, { occurredAt: later + 3 }),
      createEvent('delivery.succeeded', { deliveryId: 'again', alertId, channel, attempt: 1, latencyMs: 1 }),
    );
    const known = [...decisions.state.open.values()].map(({ id, labels }) => {
      const outcome = decisions.state.notifications.get(id)?.notified.get('chat')?.outcome;
      return `${labels['scope'] ?? ''} ${outcome ?? 'not notified'}`;
    });
    expect(known.slice(1, 3)).toEqual(['A2 delivered', 'A3 delivered']);
    expect(known.slice(4)).toEqual(['B2 not notified', 'B3 not notified']);

    const [next] = requested(decisions.due(later + 2 * MINUTE));
    expect(next === undefined ? undefined : namedIn(next)).toEqual(['B2', 'B3']);
  });
});
