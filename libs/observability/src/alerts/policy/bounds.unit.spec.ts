import { type AlertEvent, AlertLevel, createEvent } from '@opensqt/trading-events';
import { breach, cleared } from '../testing/breach';
import { Decisions, decisionContext, inShort } from '../testing/decisions';
import { decide } from './decision';
import { MAX_OPEN_ALERTS } from './overflow';

const NOON = Date.UTC(2026, 5, 1, 12);
const NIGHT = { from: '22:00', to: '07:00', timeZone: 'UTC' };
const HOUR = 3_600_000;

const fill = (n: number, occurredAt: number) =>
  createEvent(
    'order.filled',
    {
      symbol: `S${n}`,
      strategy: 'grid',
      orderId: `o${n}`,
      fillId: `f${n}`,
      side: 'buy',
      price: '1000',
      quantity: '1000',
      remaining: '0',
      fee: '0',
      feeAsset: 'USDT',
    },
    { occurredAt },
  );

describe('the state of alerts', () => {
  it('holds a bounded number of open alerts of a condition, and one that counts the others', () => {
    const decisions = new Decisions();
    for (let n = 0; n < MAX_OPEN_ALERTS + 50; n++) decisions.on(breach(`S${n}`, NOON));
    const { open } = decisions.state;
    const overflowing = [...open.values()].find(({ labels }) => 'overflow' in labels);

    expect(open.size).toBe(MAX_OPEN_ALERTS + 1);
    expect(overflowing).toMatchObject({
      title: 'Over 1000 alerts of risk_limit_breach are open',
      repeats: 49,
    });

    const ends = decisions.on(cleared('S0', NOON + 1)).filter(({ type }) => type === 'alert.resolved');
    expect(ends).toHaveLength(2);
    expect(open.size).toBe(MAX_OPEN_ALERTS - 1);
  });

  it('forgets what only came and went in quiet hours when they end', () => {
    const channels = [{ name: 'log' }, { name: 'chat', quietHours: NIGHT }];
    const decisions = new Decisions(decisionContext({ channels, now: NOON }));
    for (let n = 0; n < 30; n++) decisions.on(fill(n, NOON + 11 * HOUR));
    expect(decisions.state.digests.get('chat')?.entries.size).toBe(30);

    const [digest] = decisions.due(NOON + 19 * HOUR).filter(isRequest);
    expect(digest?.data.digest).toMatchObject({ others: 20 });
    expect(digest?.data.digest?.named).toHaveLength(10);
    expect(digest?.data.notice.message).toContain('S0');
    expect(digest?.data.notice.message).toContain('and 20 more');
    expect(decisions.state.digests.size).toBe(0);
    expect([...decisions.state.notifications.values()].flatMap(({ holds }) => [...holds])).toEqual([]);
  });

  it('keeps a bounded number of subjects of a digest, the worst of them, and counts the others', () => {
    const channels = [{ name: 'log' }, { name: 'chat', quietHours: NIGHT }];
    const decisions = new Decisions(decisionContext({ channels, now: NOON }));
    for (let n = 0; n < 1_500; n++) decisions.on(fill(n, NOON + 11 * HOUR));
    decisions.on(breach('BTCUSDT', NOON + 11 * HOUR), cleared('BTCUSDT', NOON + 11 * HOUR + 1));
    expect(decisions.state.digests.get('chat')?.entries.size).toBe(1_000);

    const [digest] = decisions.due(NOON + 19 * HOUR).filter(isRequest);
    expect(digest?.data.digest).toMatchObject({ others: 1_491 });
    expect(digest?.data.digest?.named[0]).toContain('risk_limit_breach');
    expect(digest?.data.notice.title).toContain('1501 alerts');
  });

  it('keeps the changes of a bounded number of conditions', () => {
    const decisions = new Decisions();
    for (let n = 0; n < 10_500; n++) {
      const alert = { alertId: `a${n}`, fingerprint: `f${n}`, condition: 'manual' };
      const notice = { level: AlertLevel.Info, title: '', message: '', timestamp: NOON, fields: {} };
      const at = { occurredAt: NOON };
      decisions.given(
        createEvent('alert.raised', { ...alert, labels: {}, notice, oneOff: false }, at),
        createEvent('alert.resolved', { ...alert, reason: 'test', notice }, at),
      );
    }
    expect(decisions.state.changes.size).toBe(10_000);
    expect(decisions.state.notifications.size).toBe(0);
    expect(decisions.state.history.length).toBe(1_000);
  });

  it('forgets the digest, the holds and the traffic of a channel that was removed', () => {
    const channels = [{ name: 'log' }, { name: 'chat', quietHours: NIGHT }];
    const decisions = new Decisions(decisionContext({ channels, now: NOON }));
    decisions.on(fill(1, NOON + 11 * HOUR), breach('BTCUSDT', NOON + 11 * HOUR));
    const context = decisionContext({ channels: [{ name: 'log' }], now: NOON + 12 * HOUR });
    const events = decide(decisions.book, { what: 'restart' }, context).events;

    expect(inShort(events)).toEqual([
      'alert.suppressed channel_removed chat',
      'alert.suppressed channel_removed chat',
    ]);
    expect(decisions.state.digests.size).toBe(0);
    expect(decisions.state.traffic.has('chat')).toBe(false);
    for (const { holds, notified } of decisions.state.notifications.values())
      expect(holds.has('chat') || notified.has('chat')).toBe(false);
  });
});

function isRequest(event: AlertEvent): event is Extract<AlertEvent, { type: 'delivery.requested' }> {
  return event.type === 'delivery.requested' && event.data.channel === 'chat';
}
