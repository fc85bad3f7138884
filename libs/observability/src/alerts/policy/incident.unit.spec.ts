import { type AlertEvent, type TradingEvent, createEvent } from '@opensqt/trading-events';
import fc from 'fast-check';
import { isNotified, openAlertsOf, incidentOf } from './incident';
import { Decisions, decisionContext, inShort } from '../testing/decisions';

const START = Date.UTC(2026, 0, 1, 3, 12, 0);
const MINUTE = 60_000;

let ids = 0;
const at = (seconds: number, causationId?: string) => ({
  id: `event-${(ids += 1)}`,
  occurredAt: START + seconds * 1_000,
  ...(causationId === undefined ? {} : { causationId }),
});
const lost = (seconds = 0) =>
  createEvent(
    'exchange.disconnected',
    { exchange: 'paper', stream: 'market', reason: 'reset', reconnecting: true },
    at(seconds),
  );
const back = (seconds: number) =>
  createEvent(
    'exchange.reconnected',
    { exchange: 'paper', stream: 'market', downtimeMs: 1_000, attempts: 3 },
    at(seconds),
  );
const AGE = { scope: 'BTCUSDT', limit: 'market_data_age' };
const stale = (seconds: number, cause?: string, severity: 'warning' | 'error' = 'warning') =>
  createEvent(
    'risk.limit_breached',
    { ...AGE, value: 30_000, threshold: 30_000, severity },
    at(seconds, cause),
  );
const fresh = (seconds: number) => createEvent('risk.limit_cleared', AGE, at(seconds));
const trip = (seconds: number, cause?: string, scope = 'BTCUSDT') =>
  createEvent(
    'circuit_breaker.tripped',
    { scope, reason: 'max_volatility', value: 0.2, threshold: 0.03, cooldownMs: 900_000 },
    at(seconds, cause),
  );
const reset = (seconds: number, scope = 'BTCUSDT') =>
  createEvent('circuit_breaker.reset', { scope, by: 'cooldown' }, at(seconds));

/** What the chat is told, or why not; the log is told everything. */
function toChat(decided: readonly AlertEvent[]): readonly string[] {
  return inShort(decided).filter((line) => line.endsWith(' chat'));
}

function incidentFieldOf(decided: readonly AlertEvent[]): string | undefined {
  for (const event of decided)
    if (event.type === 'delivery.requested' && event.data.channel === 'chat')
      return event.data.notice.fields['Incident'];
  return undefined;
}

describe('a disconnect and what it leads to', () => {
  const withoutEscalation = () =>
    new Decisions(
      decisionContext({
        settings: { ...decisionContext().settings, exchangeDisconnect: { persistentAfter: 10 * MINUTE } },
      }),
    );

  it('is one story: what is not louder is in it, what is louder is told with it, and its last end says that it is over', () => {
    const alerts = withoutEscalation();
    const disconnected = lost();
    expect(toChat(alerts.on(disconnected))).toEqual(['delivery.requested raised chat']);

    const folded = alerts.on(stale(30, disconnected.id));
    expect(toChat(folded)).toEqual(['alert.suppressed part_of_incident chat']);
    expect(inShort(folded)).toContain('delivery.requested raised log');

    const tripped = alerts.on(trip(45, disconnected.id));
    expect(toChat(tripped)).toEqual(['delivery.requested raised chat']);
    expect(incidentFieldOf(tripped)).toBe(
      '03:12:00 Exchange disconnected: paper (market stream) → 03:12:30 Market data is stale: BTCUSDT',
    );

    const reconnected = alerts.on(back(50));
    expect(toChat(reconnected)).toEqual(['delivery.requested resolved chat']);
    expect(incidentFieldOf(reconnected)).toMatch(
      /^still open: Market data is stale: .*; Circuit breaker tripped/,
    );
    expect(toChat(alerts.on(fresh(51)))).toEqual([]);

    const over = alerts.on(reset(900));
    expect(toChat(over)).toEqual(['delivery.requested resolved chat']);
    expect(incidentFieldOf(over)).toMatch(
      /^over after 15 min: 03:12:00 Exchange disconnected.* → 03:27:00 Circuit breaker reset/,
    );
    expect(alerts.state.open.size).toBe(0);
  });

  it('is told on of what remains when the alert that stood for it is over', () => {
    const alerts = withoutEscalation();
    const disconnected = lost();
    alerts.on(disconnected, stale(30, disconnected.id));
    const reconnected = alerts.on(back(60));
    expect(toChat(reconnected)).toEqual([
      'delivery.requested resolved chat',
      'delivery.requested raised chat',
    ]);
    expect(
      reconnected.flatMap((event) =>
        event.type === 'delivery.requested' && event.data.channel === 'chat' ? [event.data.notice.title] : [],
      ),
    ).toContain('Still open: Market data is stale: BTCUSDT');
    expect(toChat(alerts.on(fresh(70)))).toEqual(['delivery.requested resolved chat']);
  });

  it('is told again when a folded alert becomes louder than what was told', () => {
    const alerts = withoutEscalation();
    const disconnected = lost();
    alerts.on(disconnected, stale(30, disconnected.id));
    const worse = alerts.on(stale(40, disconnected.id, 'error'));
    expect(toChat(worse)).toEqual(['delivery.requested escalated chat']);
    expect(toChat(alerts.on(fresh(50)))).toEqual(['delivery.requested resolved chat']);
  });

  it('takes in what follows within 15 minutes after it was over, and nothing later', () => {
    const later = (minutes: number) => {
      const alerts = withoutEscalation();
      const disconnected = lost();
      const [raised] = alerts.on(disconnected);
      alerts.on(back(10));
      const [follower] = alerts.on(trip(10 + minutes * 60, disconnected.id));
      if (raised?.type !== 'alert.raised' || follower?.type !== 'alert.raised') throw new Error('not raised');
      return { first: raised.data.alertId, incident: follower.data.incidentId };
    };
    const within = later(15);
    expect(within.incident).toBe(within.first);
    expect(later(15.1).incident).toBeUndefined();
  });

  it('goes on through alerts that it led to', () => {
    const alerts = withoutEscalation();
    const disconnected = lost();
    const tripped = trip(20, disconnected.id);
    const [raised] = alerts.on(disconnected);
    alerts.on(tripped);
    const [third] = alerts.on(stale(25, tripped.id));
    expect(third?.type === 'alert.raised' && third.data.incidentId).toBe(
      raised?.type === 'alert.raised' && raised.data.alertId,
    );
  });

  it('has nothing to do with what follows from something else', () => {
    const alerts = withoutEscalation();
    alerts.on(lost());
    expect(toChat(alerts.on(stale(30, 'another event')))).toEqual(['delivery.requested raised chat']);
    expect(alerts.state.incidents.size).toBe(0);
  });

  it('keeps a long story short: its beginning and the latest', () => {
    const alerts = withoutEscalation();
    const disconnected = lost();
    alerts.on(disconnected);
    for (let i = 0; i < 20; i++) alerts.on(trip(i, disconnected.id, `S${i}`));
    const said = incidentFieldOf(alerts.on(trip(30, disconnected.id, 'LAST')));
    expect(said).toMatch(/^03:12:00 Exchange disconnected.*? → .*S0.*? → … 9 more → .*S19$/);
  });
});

describe('whatever happens', () => {
  const SCOPES = ['A', 'B', 'C'] as const;
  const step = fc.record({
    what: fc.constantFrom('lost', 'back', 'stale', 'fresh', 'trip', 'reset'),
    scope: fc.constantFrom(...SCOPES),
    caused: fc.boolean(),
    severity: fc.constantFrom<'warning' | 'error'>('warning', 'error'),
  });

  it('no CRITICAL is folded, and every open alert was told in the chat or is under one that is as loud and was', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const alerts = new Decisions(
          decisionContext({ settings: { ...decisionContext().settings, burst: 100 } }),
        );
        let cause: string | undefined;
        steps.forEach(({ what, scope, caused, severity }, index) => {
          const by = caused ? cause : undefined;
          const event = happening(what, index, scope, by, severity);
          if (what === 'lost') cause = event.id;
          for (const decision of alerts.on(event)) {
            if (decision.type !== 'alert.suppressed') continue;
            expect([decision.data.reason, decision.data.level]).not.toEqual(['part_of_incident', 'CRITICAL']);
          }
          for (const alert of alerts.state.open.values()) {
            const family = openAlertsOf(alerts.state, incidentOf(alert));
            expect([alert, ...family].some((each) => isNotified(alerts.state, each, 'chat'))).toBe(true);
          }
        });
      }),
    );
  });

  function happening(
    what: 'lost' | 'back' | 'stale' | 'fresh' | 'trip' | 'reset',
    seconds: number,
    scope: string,
    by: string | undefined,
    severity: 'warning' | 'error',
  ): TradingEvent {
    switch (what) {
      case 'lost':
        return lost(seconds);
      case 'back':
        return back(seconds);
      case 'stale':
        return createEvent(
          'risk.limit_breached',
          { ...AGE, scope, value: 1, threshold: 1, severity },
          at(seconds, by),
        );
      case 'fresh':
        return createEvent('risk.limit_cleared', { ...AGE, scope }, at(seconds));
      case 'trip':
        return trip(seconds, by, scope);
      case 'reset':
        return reset(seconds, scope);
    }
  }
});
