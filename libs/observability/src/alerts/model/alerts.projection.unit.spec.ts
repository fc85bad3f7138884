import { type AlertEvent, createEvent } from '@opensqt/trading-events';
import { copiedState } from '../../projections/state-text';
import { alertsProjection } from './alerts.projection';
import { earlierMessage } from './alerts.state';
import { Decisions } from '../testing/decisions';

const START = Date.UTC(2026, 0, 1);

const tripped = (scope: string, after: number) =>
  createEvent(
    'circuit_breaker.tripped',
    { scope, reason: 'max_drawdown', value: '512', threshold: '500', cooldownMs: 600_000 },
    { occurredAt: START + after },
  );
const reset = (scope: string, after: number) =>
  createEvent('circuit_breaker.reset', { scope, by: 'operator' }, { occurredAt: START + after });

/** Ends the deliveries that were asked for; those through `chat` with a name for the message. */
function deliver(decisions: Decisions, asked: readonly AlertEvent[], reference?: string): void {
  for (const event of asked) {
    if (event.type !== 'delivery.requested') continue;
    const { deliveryId, alertId, channel } = event.data;
    const named = channel === 'chat' && reference !== undefined ? { reference } : {};
    decisions.given(
      createEvent('delivery.succeeded', {
        deliveryId,
        alertId,
        channel,
        attempt: 1,
        latencyMs: 5,
        ...named,
      }),
    );
  }
}

function alertIn(asked: readonly AlertEvent[]): string {
  const found = asked.find((event) => event.type === 'delivery.requested');
  if (found === undefined) throw new Error('nothing was requested');
  return found.data.alertId;
}

const named = (reference: string): unknown => expect.objectContaining({ reference });

describe('the message that a channel shows for an alert', () => {
  it('is what the channel called it, for that channel alone, until the resolve is sent', () => {
    const decisions = new Decisions();
    const raised = decisions.on(tripped('A', 1_000));
    const alertId = alertIn(raised);
    expect(earlierMessage(decisions.state, { alertId, channel: 'chat' })).toBeUndefined();

    deliver(decisions, raised, 'chat/1');
    expect(earlierMessage(decisions.state, { alertId, channel: 'chat' })).toEqual(named('chat/1'));
    expect(earlierMessage(decisions.state, { alertId, channel: 'log' })).toBeUndefined();

    const resolved = decisions.on(reset('A', 2_000));
    expect(earlierMessage(decisions.state, { alertId, channel: 'chat' })).toEqual(named('chat/1'));

    deliver(decisions, resolved, 'chat/1');
    expect(earlierMessage(decisions.state, { alertId, channel: 'chat' })).toBeUndefined();
    expect(decisions.state.notifications.size).toBe(0);
  });

  it('is the newest that the channel named: the one before could not be changed any more', () => {
    const decisions = new Decisions();
    const raised = decisions.on(tripped('A', 1_000));
    deliver(decisions, raised, 'chat/1');
    deliver(decisions, decisions.on(tripped('A', 1_000 + 14_400_000)), 'chat/2');

    expect(earlierMessage(decisions.state, { alertId: alertIn(raised), channel: 'chat' })).toEqual(
      named('chat/2'),
    );
  });

  it('stays the one that shows how things are when a raise that was given up is sent again', () => {
    const decisions = new Decisions();
    const raised = decisions.on(tripped('A', 1_000));
    const alertId = alertIn(raised);
    deliver(decisions, raised);
    deliver(decisions, decisions.on(tripped('A', 1_000 + 14_400_000)), 'chat/2');
    const [first] = raised.filter(
      (event) => event.type === 'delivery.requested' && event.data.channel === 'chat',
    );
    if (first?.type !== 'delivery.requested') throw new Error('chat was not notified');
    const again = { ...first.data, deliveryId: 'again', resendOf: first.data.deliveryId };
    deliver(decisions, decisions.given(createEvent('delivery.requested', again)), 'chat/3');

    expect(earlierMessage(decisions.state, { alertId, channel: 'chat' })).toEqual(named('chat/2'));
  });

  it('is not that of the same trouble the next time', () => {
    const decisions = new Decisions();
    deliver(decisions, decisions.on(tripped('A', 1_000)), 'chat/1');
    deliver(decisions, decisions.on(reset('A', 2_000)));
    const again = decisions.on(tripped('A', 3_000));

    expect(earlierMessage(decisions.state, { alertId: alertIn(again), channel: 'chat' })).toBeUndefined();
  });

  it('survives a snapshot', () => {
    const decisions = new Decisions();
    const raised = decisions.on(tripped('A', 1_000));
    deliver(decisions, raised, 'chat/1');
    const restored = copiedState(alertsProjection, decisions.state);

    expect(earlierMessage(restored, { alertId: alertIn(raised), channel: 'chat' })).toEqual(named('chat/1'));
  });

  it('keeps what it began with, and what has happened since', () => {
    const decisions = new Decisions();
    const raised = decisions.on(tripped('A', 1_000));
    deliver(decisions, raised, 'chat/1');
    for (const times of [1, 2]) {
      deliver(decisions, decisions.on(tripped('A', 1_000 + times * 14_400_000)), 'chat/1');
    }

    expect(earlierMessage(decisions.state, { alertId: alertIn(raised), channel: 'chat' })).toMatchObject({
      first: { level: 'CRITICAL', title: 'Circuit breaker tripped: A', timestamp: START + 1_000 },
      since: [{ kind: 'repeated', times: 2, at: START + 28_801_000 }],
    });
  });

  it('is forgotten with the alert, whose history is bounded', () => {
    const decisions = new Decisions();
    for (let n = 0; n < 1_001; n += 1) {
      deliver(decisions, decisions.on(tripped(`S${n}`, 10_000 + n)));
      deliver(decisions, decisions.on(reset(`S${n}`, 20_000 + n)));
    }
    expect(decisions.state.history).toHaveLength(1_000);
    expect(decisions.state.notifications.size).toBe(0);
  });
});

describe('a raise that is requested again, as the alert is still open and the channel was not notified', () => {
  const FOUR_HOURS = 14_400_000;
  const again = (reason: 'ambiguous' | 'rejected') => {
    const decisions = new Decisions();
    const [first] = decisions
      .on(tripped('A', 1_000))
      .filter((event) => event.type === 'delivery.requested' && event.data.channel === 'chat');
    if (first?.type !== 'delivery.requested') throw new Error('chat was not notified');
    const { deliveryId, alertId, channel } = first.data;
    const end = { deliveryId, alertId, channel, attempt: 2, reason, detail: '' };
    decisions.given(createEvent('delivery.abandoned', end));
    decisions.on(tripped('A', 1_000 + FOUR_HOURS));
    return [...decisions.state.pending.values()].filter((one) => one.channel === 'chat');
  };

  it('is a possible duplicate where the one before may have arrived', () => {
    expect(again('ambiguous')).toMatchObject([{ kind: 'raised', ambiguous: true, leftOpen: false }]);
    expect(again('rejected')).toMatchObject([{ kind: 'raised', ambiguous: false }]);
  });
});
