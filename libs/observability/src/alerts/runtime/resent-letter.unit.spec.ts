import { createEvent } from '@opensqt/trading-events';
import { Decisions, decisionContext } from '../testing/decisions';
import { resentFacts } from './resent-letter';

const NOON = Date.UTC(2026, 5, 1, 12);
const SECOND = 1_000;
const scope = 'BTCUSDT';
const tripped = createEvent(
  'circuit_breaker.tripped',
  { scope, reason: 'max_drawdown', value: '6', threshold: '5', cooldownMs: 900_000 },
  { occurredAt: NOON },
);
const reset = createEvent(
  'circuit_breaker.reset',
  { scope, by: 'cooldown' },
  { occurredAt: NOON + 60 * SECOND },
);

/** The messages to the chat that a dead letter of a breaker's trip leads to. */
function sentAgain(isOver: boolean) {
  const decisions = new Decisions(decisionContext({ now: NOON }));
  decisions.on(tripped);
  const [letter] = [...decisions.state.pending.values()].filter(({ channel }) => channel === 'chat');
  if (letter === undefined) throw new Error('chat is not notified');
  const { deliveryId, alertId, channel } = letter;
  const end = { deliveryId, alertId, channel, attempt: 1, reason: 'broken', detail: '403' } as const;
  decisions.given(createEvent('delivery.abandoned', end));
  if (isOver) decisions.on(reset);
  const dead = decisions.state.deadLetters.get(deliveryId);
  if (dead === undefined) throw new Error('no dead letter');
  const cause = { id: 'again', occurredAt: NOON + 120 * SECOND };
  const times = { wallNow: NOON + 120 * SECOND, timeZone: 'UTC' };
  for (const fact of resentFacts(decisions.state, dead, cause, times)) decisions.given(fact);
  return [...decisions.state.pending.values()].filter((one) => one.channel === 'chat');
}

describe('a dead letter that is sent again', () => {
  it('has the end of its alert behind it where that is over', () => {
    const [again, end, ...others] = sentAgain(true);
    expect(again).toMatchObject({ kind: 'raised', deliveryId: 'again' });
    expect(end).toMatchObject({
      kind: 'resolved',
      alertId: again?.alertId,
      fingerprint: again?.fingerprint,
      notice: { message: 'It ended at 2026-06-01 12:01:00 UTC, before its message was sent again.' },
    });
    expect(others).toEqual([]);
  });

  it('is all there is to say while its alert is open', () => {
    expect(sentAgain(false)).toMatchObject([{ kind: 'raised', deliveryId: 'again' }]);
  });
});
