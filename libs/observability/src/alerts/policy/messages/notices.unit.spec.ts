import { type AlertEvent, createEvent } from '@opensqt/trading-events';
import { alertsOptions } from '../../../options/alerts.options';
import { rulesOf } from '../../rules/registry';
import { Decisions, decisionContext } from '../../testing/decisions';

const AT = { occurredAt: Date.UTC(2026, 0, 1, 3) };
const rules = rulesOf({ ...alertsOptions.parse({}), canReset: true });

function fieldsOfEnd(events: readonly AlertEvent[]): Readonly<Record<string, string>> {
  return (
    events.flatMap((event) => (event.type === 'alert.resolved' ? [event.data.notice.fields] : []))[0] ?? {}
  );
}

describe('the words about an alert', () => {
  it('quote what was said at first without its commands', () => {
    const scope = 'ETHUSDT';
    const measured = { reason: 'max_drawdown', value: '2', threshold: '1', cooldownMs: 1_000 };
    const decisions = new Decisions(decisionContext({ rules, now: AT.occurredAt }));
    decisions.on(createEvent('circuit_breaker.tripped', { scope, ...measured }, AT));
    expect([...decisions.state.open.values()][0]?.message).toContain('alerts reset ETHUSDT');

    const fields = fieldsOfEnd(
      decisions.on(createEvent('circuit_breaker.reset', { scope, by: 'cooldown' }, AT)),
    );
    expect(fields['At first']).toContain('It resets by itself');
    expect(JSON.stringify(fields)).not.toContain('npx opensqt');
  });

  it('do not state as true what flaps and is over for the moment', () => {
    const decisions = new Decisions(decisionContext({ rules, now: AT.occurredAt }));
    const measured = { reason: 'max_drawdown', value: '2', threshold: '1', cooldownMs: 1_000 };
    const scope = 'ETHUSDT';
    const flaps = [0, 1, 2, 3].flatMap((minute) => {
      const occurredAt = AT.occurredAt + minute * 60_000;
      return [
        ...decisions.on(createEvent('circuit_breaker.tripped', { scope, ...measured }, { occurredAt })),
        ...decisions.on(
          createEvent('circuit_breaker.reset', { scope, by: 'cooldown' }, { occurredAt: occurredAt + 1_000 }),
        ),
      ];
    });
    const sent = flaps.flatMap((event) => (event.type === 'delivery.requested' ? [event.data] : []));
    const over = sent.filter(({ notice }) => notice.title.startsWith('Over for the moment'));
    expect(over.length).toBeGreaterThan(0);
    for (const { notice } of over) expect(notice.message).toContain('does not halt ETHUSDT any more.');
    const flapping = sent.find(({ kind }) => kind === 'flapping');
    expect(flapping?.notice.message).toContain('You are notified again when it holds again');
    const again = sent.filter(({ kind, channel }) => kind === 'raised' && channel === 'chat').at(-1);
    expect(again?.notice.timestamp).toBe(AT.occurredAt + 3 * 60_000);
  });

  it('say in a repeat for how long it is open, and as of when the numbers are', () => {
    const decisions = new Decisions(decisionContext({ now: AT.occurredAt }));
    const stream = { exchange: 'paper', stream: 'market' } as const;
    decisions.on(
      createEvent('exchange.disconnected', { ...stream, reason: 'reset', reconnecting: false }, AT),
    );
    const repeats = decisions
      .due(AT.occurredAt + 4 * 3_600_000)
      .flatMap((event) => (event.type === 'delivery.requested' ? [event.data] : []));
    expect(repeats[0]).toMatchObject({ kind: 'repeated' });
    expect(repeats[0]?.notice.message).toMatch(/^Open for 4 h\. As of 03:00:00: reset\. /);
  });

  it('say at what time the rest of the incident was open: nobody corrects them', () => {
    const stream = { exchange: 'paper', stream: 'market' } as const;
    const decisions = new Decisions(decisionContext({ now: AT.occurredAt }));
    const lost = createEvent('exchange.disconnected', { ...stream, reason: 'reset', reconnecting: true }, AT);
    const age = { scope: 'ETHUSDT', limit: 'market_data_age', value: 30_000, threshold: 30_000 };
    decisions.on(
      lost,
      createEvent('risk.limit_breached', { ...age, severity: 'warning' }, { ...AT, causationId: lost.id }),
    );
    const back = createEvent('exchange.reconnected', { ...stream, downtimeMs: 1, attempts: 1 }, AT);
    expect(fieldsOfEnd(decisions.on(back))).toMatchObject({
      Incident: 'open at 03:00:00: Market data is stale: ETHUSDT',
      Reconnecting: 'done',
    });
  });
});
