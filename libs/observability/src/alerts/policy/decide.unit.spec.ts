import { type EpochMs, createEvent } from '@opensqt/trading-events';
import { decideAcknowledge, decideRaise } from './decide';
import { Decisions, decisionContext, inShort } from '../testing/decisions';

const START = 1_700_000_000_000;
const at = (occurredAt: EpochMs) => ({ occurredAt });

const lost = (ms = 0, reconnecting = true) =>
  createEvent(
    'exchange.disconnected',
    { exchange: 'paper', stream: 'market', reason: 'socket closed', reconnecting },
    at(START + ms),
  );
const back = (ms: number) =>
  createEvent(
    'exchange.reconnected',
    { exchange: 'paper', stream: 'market', downtimeMs: ms, attempts: 1 },
    at(START + ms),
  );
const breach = (severity: 'warning' | 'error', ms = 0) =>
  createEvent(
    'risk.limit_breached',
    { scope: 'BTCUSDT', limit: 'max_position', value: '12000.50', threshold: '10000', severity },
    at(START + ms),
  );
const fill = (price: string, quantity: string) =>
  createEvent('order.filled', {
    symbol: 'BTCUSDT',
    strategy: 'grid',
    orderId: '1',
    fillId: '1',
    side: 'buy',
    price,
    quantity,
    remaining: '0',
    fee: '0',
    feeAsset: 'USDT',
  });

describe('deciding on alerts', () => {
  it('raises once and asks every channel to tell it', () => {
    const decisions = new Decisions().on(lost());
    expect(inShort(decisions)).toEqual([
      'alert.raised',
      'delivery.requested raised log',
      'delivery.requested raised chat',
    ]);
  });

  it('counts repeats instead of telling them', () => {
    const alerts = new Decisions();
    expect(inShort(alerts.on(lost(), lost(1), lost(2)))).toEqual(['alert.suppressed duplicate']);
    expect([...alerts.state.open.values()]).toMatchObject([{ repeats: 2, level: 'WARNING' }]);
  });

  it('tells an alert again once the repeat interval has passed', () => {
    const alerts = new Decisions();
    alerts.on(breach('warning'));
    expect(inShort(alerts.on(breach('warning', 14_400_000)))).toEqual([
      'delivery.requested repeated log',
      'delivery.requested repeated chat',
    ]);
    expect(inShort(alerts.on(breach('warning', 14_400_001)))).toEqual(['alert.suppressed duplicate']);
  });

  it('decides the same twice: the ids follow from the event', () => {
    const event = lost();
    const ids = () => new Decisions().on(event).map(({ id }) => id);
    expect(ids()).toEqual(ids());
    expect(new Set(ids()).size).toBe(3);
  });

  it('escalates a disconnect that lasts, stated at the time it was due', () => {
    const alerts = new Decisions();
    alerts.on(lost());
    expect(alerts.due(START + 59_999)).toEqual([]);
    const [escalated] = alerts.due(START + 75_000);
    expect(escalated).toMatchObject({ type: 'alert.escalated', occurredAt: START + 60_000 });
    expect(alerts.due(START + 80_000)).toEqual([]);
  });

  it('escalates before it resolves when the reconnect came after the due time, however late it is seen', () => {
    const alerts = new Decisions();
    alerts.on(lost());
    expect(inShort(alerts.on(back(61_000)))).toEqual([
      'alert.escalated',
      'delivery.requested escalated log',
      'delivery.requested escalated chat',
      'alert.resolved',
      'delivery.requested resolved log',
      'delivery.requested resolved chat',
    ]);
  });

  it('does not escalate when the reconnect came in time', () => {
    const alerts = new Decisions();
    expect(inShort(alerts.on(lost(), back(59_000)))).not.toContain('alert.escalated');
    expect(alerts.due(START + 3_600_000)).toEqual([]);
  });

  it('escalates at once when reconnecting is given up, and never a second time', () => {
    const alerts = new Decisions();
    alerts.on(lost());
    expect(inShort(alerts.on(lost(5_000, false)))[0]).toBe('alert.escalated');
    expect(alerts.due(START + 60_000)).toEqual([]);
  });

  it('escalates a breach that becomes an error, in the same alert', () => {
    const alerts = new Decisions();
    const [raised] = alerts.on(breach('warning'));
    const [escalated] = alerts.on(breach('error', 10));
    expect(escalated).toMatchObject({
      type: 'alert.escalated',
      data: { previousLevel: 'WARNING', notice: { level: 'ERROR' } },
    });
    expect(escalated?.type === 'alert.escalated' && escalated.data.alertId).toBe(
      raised?.type === 'alert.raised' && raised.data.alertId,
    );
  });

  it('23: a flapping connection is one open alert at a time', () => {
    const alerts = new Decisions();
    for (let i = 0; i < 10; i++) alerts.on(lost(i * 100), back(i * 100 + 50));
    alerts.on(lost(5_000));
    expect(alerts.state.open.size).toBe(1);
    expect(alerts.state.history).toHaveLength(10);
  });

  it.each([
    ['9999.99999999', '1', 0],
    ['10000', '1', 1],
    ['0.1', '100000', 1],
    ['66765.6', '0.14977772', 0],
    ['66765.6', '0.14977773', 1],
  ])('a fill of %s × %s is told %i times', (price, quantity, times) => {
    const decisions = new Decisions().on(fill(price, quantity));
    expect(decisions.filter(({ type }) => type === 'alert.raised')).toHaveLength(times);
  });

  it('tells each large fill and leaves none open', () => {
    const alerts = new Decisions();
    alerts.on(fill('20000', '1'));
    expect(inShort(alerts.on(fill('20000', '1')))[0]).toBe('alert.raised');
    expect(alerts.state.open.size).toBe(0);
  });

  it('resolves nothing that is not open', () => {
    expect(new Decisions().on(back(10))).toEqual([]);
  });

  it('does not resolve where the trigger could not be delivered', () => {
    const alerts = new Decisions();
    const chat = alerts
      .on(lost())
      .find((event) => event.type === 'delivery.requested' && event.data.channel === 'chat');
    if (chat?.type !== 'delivery.requested') throw new Error('chat was not told');
    const { deliveryId, alertId, channel } = chat.data;
    const dead = { deliveryId, alertId, channel, attempt: 1, reason: 'rejected', detail: 'no' } as const;
    alerts.given(createEvent('delivery.abandoned', dead));
    expect(inShort(alerts.on(back(10)))).toEqual([
      'alert.resolved',
      'delivery.requested resolved log',
      'alert.suppressed trigger_not_delivered chat',
    ]);
  });

  it('resolves where nobody was told before it escalated', () => {
    const context = decisionContext({ routes: [{ name: 'log' }, { name: 'chat', minLevel: 'ERROR' }] });
    const alerts = new Decisions(context);
    alerts.on(lost());
    expect(inShort(alerts.due(START + 60_000))).toContain('delivery.requested escalated chat');
    expect(inShort(alerts.on(back(70_000)))).toContain('delivery.requested resolved chat');
  });

  it('resolves where the escalation arrived though the trigger had not', () => {
    const alerts = new Decisions();
    const told = [...alerts.on(lost()), ...alerts.due(START + 60_000)].flatMap((event) =>
      event.type === 'delivery.requested' && event.data.channel === 'chat' ? [event.data] : [],
    );
    const [raised, escalated] = told.map(({ deliveryId, alertId, channel }) => ({
      deliveryId,
      alertId,
      channel,
      attempt: 1,
    }));
    if (raised === undefined || escalated === undefined) throw new Error('chat was not told twice');
    alerts.given(createEvent('delivery.abandoned', { ...raised, reason: 'rejected', detail: 'no' }));
    alerts.given(createEvent('delivery.succeeded', { ...escalated, latencyMs: 1 }));
    expect(inShort(alerts.on(back(70_000)))).toContain('delivery.requested resolved chat');
  });

  it('tells that somebody has taken it on where that is wanted and the alert was told', () => {
    const routes = [
      { name: 'log' },
      { name: 'chat', acknowledgements: true },
      { name: 'pager', minLevel: 'CRITICAL' as const, acknowledgements: true },
    ];
    const context = decisionContext({ routes });
    const alerts = new Decisions(context);
    alerts.on(lost());
    const [open] = alerts.state.open.values();
    if (open === undefined) throw new Error('nothing is open');
    const cause = { id: 'request', occurredAt: START + 5_000 };
    const decided = decideAcknowledge(alerts.state, open, { by: 'eve', note: 'looking' }, cause, context);
    expect(inShort(decided)).toEqual(['alert.acknowledged', 'delivery.requested acknowledged chat']);
    expect(decided[1]).toMatchObject({
      data: { notice: { title: open.title, message: 'looking', fields: { 'Acknowledged by': 'eve' } } },
    });
  });

  it('says why a channel is not told: below its level', () => {
    const context = decisionContext({ routes: [{ name: 'log' }, { name: 'chat', minLevel: 'ERROR' }] });
    expect(inShort(new Decisions(context).on(lost()))).toEqual([
      'alert.raised',
      'delivery.requested raised log',
      'alert.suppressed below_channel_level chat',
    ]);
  });

  it('says why a channel is not told: silenced, while the log still is', () => {
    const alerts = new Decisions();
    const silence = {
      silenceId: 's',
      matchers: { exchange: 'paper' },
      until: START + 10,
      reason: 'maintenance',
      by: 'eve',
    };
    alerts.given(createEvent('silence.created', silence));
    expect(inShort(alerts.on(lost()))).toEqual([
      'alert.raised',
      'delivery.requested raised log',
      'alert.suppressed silenced chat',
    ]);
    expect(inShort(alerts.on(back(5), lost(20)))).toContain('delivery.requested raised chat');
  });

  it('28: tells what still fires once its silence is over, and only where it was held back', () => {
    const alerts = new Decisions();
    const silence = {
      silenceId: 's',
      matchers: { stream: 'market' },
      until: START + 10,
      reason: 'r',
      by: 'eve',
    };
    alerts.given(createEvent('silence.created', silence));
    alerts.on(lost());
    const over = () => alerts.due(START + 20);
    expect(inShort(over())).toEqual(['silence.expired', 'delivery.requested raised chat']);
    expect(over()).toEqual([]);
  });

  it('tells nothing at the end of a silence while another covers the same', () => {
    const alerts = new Decisions();
    const silence = { matchers: { stream: 'market' }, reason: 'r', by: 'eve' };
    alerts.given(
      createEvent('silence.created', { ...silence, silenceId: 's', until: START + 10 }),
      createEvent('silence.created', { ...silence, silenceId: 't', until: START + 99 }),
    );
    alerts.on(lost());
    const over = alerts.due(START + 20);
    expect(inShort(over)).toEqual(['silence.expired']);
  });

  it('tells a burst one by one and the rest as one digest, on every channel but the log', () => {
    const alerts = new Decisions();
    const breachOf = (scope: string, ms: number) =>
      createEvent(
        'risk.limit_breached',
        { scope, limit: 'max_position', value: '2', threshold: '1', severity: 'warning' },
        at(START + ms),
      );
    const decisions = Array.from({ length: 25 }, (_, i) => alerts.on(breachOf(`S${i}`, i))).flat();
    const told = inShort(decisions);
    expect(told.filter((step) => step === 'delivery.requested raised chat')).toHaveLength(10);
    expect(told.filter((step) => step === 'alert.suppressed grouped chat')).toHaveLength(15);
    expect(told.filter((step) => step === 'delivery.requested raised log')).toHaveLength(25);

    const digests = (ms: number) => alerts.due(START + ms);
    expect(digests(60_009)).toEqual([]);
    expect(digests(60_010)).toMatchObject([
      {
        type: 'delivery.requested',
        occurredAt: START + 60_010,
        data: {
          kind: 'digest',
          channel: 'chat',
          notice: {
            level: 'WARNING',
            title: '15 more alerts within 1 min',
            message: expect.stringContaining('15 × risk limit breach'),
          },
        },
      },
    ]);
    expect(digests(60_020)).toEqual([]);
    expect(inShort(alerts.on(breachOf('later', 60_030)))).toContain('delivery.requested raised chat');
  });

  it('never holds CRITICAL back', () => {
    const alerts = new Decisions();
    const tripped = (scope: string) =>
      createEvent(
        'circuit_breaker.tripped',
        { scope, reason: 'max_drawdown', value: '2', threshold: '1', cooldownMs: 1 },
        at(START),
      );
    const decisions = Array.from({ length: 25 }, (_, i) => alerts.on(tripped(`S${i}`))).flat();
    expect(inShort(decisions).filter((step) => step.endsWith('raised chat'))).toHaveLength(25);
  });

  it('tells a channel only of what its route matches', () => {
    const context = decisionContext({
      routes: [{ name: 'log' }, { name: 'chat', match: { exchange: 'kraken' } }],
    });
    expect(inShort(new Decisions(context).on(lost()))).toContain('alert.suppressed not_matched chat');
  });

  it('puts off what is not CRITICAL in quiet hours, and tells it when they end if it still fires', () => {
    const quietHours = { from: '22:00', to: '07:00', timeZone: 'UTC' };
    const context = decisionContext({ routes: [{ name: 'log' }, { name: 'chat', quietHours }] });
    const night = Date.UTC(2026, 0, 1, 23);
    const morning = Date.UTC(2026, 0, 2, 7);
    const breachAt = (scope: string) =>
      createEvent(
        'risk.limit_breached',
        { scope, limit: 'max_position', value: '2', threshold: '1', severity: 'warning' },
        at(night),
      );
    const alerts = new Decisions(context);
    expect(inShort(alerts.on(breachAt('A')))).toContain('alert.suppressed quiet_hours chat');
    alerts.on(breachAt('B'));
    alerts.on(createEvent('risk.limit_cleared', { scope: 'B', limit: 'max_position' }, at(night + 1)));
    const postponed = (now: number) => alerts.due(now);
    expect(postponed(morning - 1)).toEqual([]);
    expect(inShort(postponed(morning))).toEqual(['delivery.requested raised chat']);
    expect(postponed(morning + 1)).toEqual([]);
    const tripped = createEvent(
      'circuit_breaker.tripped',
      { scope: 'A', reason: 'r', value: '1', threshold: '1', cooldownMs: 1 },
      at(night),
    );
    expect(inShort(new Decisions(context).on(tripped))).toContain('delivery.requested raised chat');
  });

  it('tells a further channel of a CRITICAL alert that nobody takes on in time', () => {
    const context = decisionContext({
      routes: [{ name: 'log' }, { name: 'chat', unacknowledgedAfter: 900_000 }],
    });
    const trip = () =>
      createEvent(
        'circuit_breaker.tripped',
        { scope: 'A', reason: 'r', value: '1', threshold: '1', cooldownMs: 1 },
        at(START),
      );
    const ignored = new Decisions(context);
    expect(inShort(ignored.on(trip()))).toContain('alert.suppressed awaiting_acknowledgement chat');
    const [told] = ignored.due(START + 900_000);
    expect(told).toMatchObject({
      type: 'delivery.requested',
      data: { channel: 'chat', notice: { title: expect.stringContaining('Unacknowledged') } },
    });

    const taken = new Decisions(context);
    taken.on(trip());
    const [open] = [...taken.state.open.values()];
    if (open === undefined) throw new Error('nothing is open');
    const { id: alertId, fingerprint, condition } = open;
    taken.given(createEvent('alert.acknowledged', { alertId, fingerprint, condition, by: 'eve' }));
    expect(taken.due(START + 900_000)).toEqual([]);
    expect(inShort(new Decisions(context).on(breach('error')))).toContain(
      'alert.suppressed below_channel_level chat',
    );
  });

  it('takes alerts of an application’s own through the same stages', () => {
    const alerts = new Decisions();
    const verdict = {
      verdict: 'raise',
      labels: { venue: 'x' },
      level: 'ERROR',
      title: 't',
      message: 'm',
      fields: {},
    } as const;
    const cause = { id: 'c', occurredAt: START };
    alerts.given(...decideRaise(alerts.state, 'funding', verdict, cause, decisionContext()));
    expect([...alerts.state.open.keys()]).toEqual(['funding{venue="x"}']);
  });
});
