import {
  type AlertEvent,
  type AlertLevel,
  type DeliveryAbandoned,
  type NoticeKind,
  createEvent,
  seededRandom,
} from '@opensqt/trading-events';
import { evolveAlerts } from '../model/alert-fold';
import { type AlertsState, type PendingDelivery, initialAlerts } from '../model/alerts.state';
import { Decisions, inShort } from '../testing/decisions';
import { DeliveryQueues } from './delivery-queues';
import { nextStep } from './next-step';

const NOW = 1_000_000;

let state: AlertsState;
let queues: DeliveryQueues;

function happened(event: AlertEvent): void {
  evolveAlerts(state, event);
  queues.follow(event);
}

function requested(
  deliveryId: string,
  level: AlertLevel,
  given: { fingerprint?: string; kind?: NoticeKind; channel?: string; requestedAt?: number } = {},
): void {
  const { fingerprint = deliveryId, kind = 'raised', channel = 'chat', requestedAt = NOW } = given;
  const notice = { level, title: '', message: '', timestamp: 0, fields: {} };
  const data = { deliveryId, alertId: fingerprint, channel, fingerprint, kind, notice, requestedAt };
  happened(createEvent('delivery.requested', data));
}

function next(now = NOW, lastTried?: number): string {
  const step = nextStep(state, 'chat', queues.for('chat'), now, lastTried);
  switch (step.step) {
    case 'send':
      return `send ${step.delivery.deliveryId}`;
    case 'abandon':
      return `abandon ${step.data.deliveryId} ${step.data.reason}`;
    case 'wait':
      return `wait ${step.until ?? 'for change'}`;
  }
}

const failed = (deliveryId: string, nextAttemptAt: number, pausedUntil?: number) =>
  createEvent('delivery.failed', {
    deliveryId,
    alertId: deliveryId,
    channel: 'chat',
    attempt: 1,
    outcome: pausedUntil === undefined ? 'transient' : 'rate_limited',
    detail: '',
    nextAttemptAt,
    ...(pausedUntil === undefined ? {} : { pausedUntil }),
  });

describe('what a channel does next', () => {
  beforeEach(() => {
    state = initialAlerts();
    queues = new DeliveryQueues();
  });

  it('waits when there is nothing to send, whatever other channels have', () => {
    requested('a', 'INFO', { channel: 'other' });
    expect(next()).toBe('wait for change');
  });

  it('sends the oldest first', () => {
    requested('a', 'INFO');
    requested('b', 'ERROR');
    expect(next()).toBe('send a');
  });

  it('lets CRITICAL pass a backlog', () => {
    for (let i = 0; i < 1_000; i++) requested(`w${i}`, 'WARNING');
    requested('c', 'CRITICAL');
    requested('d', 'CRITICAL');
    expect(next()).toBe('send c');
  });

  it('keeps the order of messages about one thing, also while the first waits for its next attempt', () => {
    requested('trigger', 'CRITICAL', { fingerprint: 'f' });
    requested('resolve', 'CRITICAL', { fingerprint: 'f', kind: 'resolved' });
    requested('other', 'INFO');
    happened(failed('trigger', NOW + 500));
    expect(next()).toBe('send other');
    expect(next(NOW + 500)).toBe('send trigger');
  });

  it('sends nothing while the channel is paused', () => {
    requested('a', 'CRITICAL');
    requested('b', 'CRITICAL');
    happened(failed('a', NOW + 7_000, NOW + 7_000));
    expect(next(NOW + 6_999)).toBe(`wait ${NOW + 7_000}`);
    expect(next(NOW + 7_000)).toBe('send a');
  });

  it.each<[AlertLevel, number, string]>([
    ['INFO', 15 * 60_000, 'send a'],
    ['INFO', 15 * 60_000 + 1, 'abandon a expired'],
    ['WARNING', 15 * 60_000 + 1, 'send a'],
    ['CRITICAL', 24 * 60 * 60_000, 'send a'],
  ])('%s after %i ms: %s', (level, age, expected) => {
    requested('a', level);
    expect(next(NOW + age)).toBe(expected);
  });

  it('does not send the end of what nobody was notified of', () => {
    requested('trigger', 'ERROR', { fingerprint: 'f' });
    requested('resolve', 'ERROR', { fingerprint: 'f', kind: 'resolved' });
    const dead = { deliveryId: 'trigger', alertId: 'f', channel: 'chat', attempt: 1, detail: '' };
    happened(createEvent('delivery.abandoned', { ...dead, reason: 'rejected' }));
    expect(next()).toBe('abandon resolve trigger_not_delivered');
  });

  it('ends both of what was not tried for a minute and is over', () => {
    requested('trigger', 'CRITICAL', { fingerprint: 'f' });
    requested('resolve', 'CRITICAL', { fingerprint: 'f', kind: 'resolved' });
    requested('oneOff', 'INFO');
    expect(next(NOW + 60_000)).toBe('send trigger');
    expect(next(NOW + 60_001)).toBe('abandon trigger superseded');
    const ended = { deliveryId: 'trigger', alertId: 'f', channel: 'chat', attempt: 0, detail: '' };
    happened(createEvent('delivery.abandoned', { ...ended, reason: 'superseded' }));
    expect(next(NOW + 60_001)).toBe('abandon resolve trigger_not_delivered');
    expect(state.deadLetters.size).toBe(0);
  });

  it('sends what was tried, however late, before its end', () => {
    requested('trigger', 'CRITICAL', { fingerprint: 'f' });
    requested('resolve', 'CRITICAL', { fingerprint: 'f', kind: 'resolved' });
    happened(failed('trigger', NOW + 500));
    expect(next(NOW + 90_000)).toBe('send trigger');
  });

  it('sends no repeat of what is over', () => {
    requested('repeat', 'CRITICAL', { fingerprint: 'f', kind: 'repeated' });
    expect(next()).toBe('abandon repeat superseded');
  });

  it('sends the end of what may have arrived', () => {
    requested('trigger', 'ERROR', { fingerprint: 'f' });
    requested('resolve', 'ERROR', { fingerprint: 'f', kind: 'resolved' });
    const dead = { deliveryId: 'trigger', alertId: 'f', channel: 'chat', attempt: 2, detail: '' };
    happened(createEvent('delivery.abandoned', { ...dead, reason: 'ambiguous' }));
    expect(next()).toBe('send resolve');
  });

  it.each<[DeliveryAbandoned['reason'], string]>([
    ['ambiguous', 'delivery.requested resolved chat'],
    ['rejected', 'alert.suppressed trigger_not_delivered chat'],
  ])('decides after a message that was abandoned as %s, once the alert is over: %s', (reason, expected) => {
    const decisions = new Decisions();
    const cause = { scope: 'BTCUSDT', limit: 'max_position' };
    const breached = { ...cause, value: '2', threshold: '1', severity: 'warning' } as const;
    const [trigger] = decisions
      .on(createEvent('risk.limit_breached', breached))
      .flatMap((event) =>
        event.type === 'delivery.requested' && event.data.channel === 'chat' ? [event.data] : [],
      );
    const { deliveryId = '', alertId = '' } = trigger ?? {};
    const dead = { deliveryId, alertId, channel: 'chat', attempt: 2, detail: '', reason };
    decisions.given(createEvent('delivery.abandoned', dead));
    expect(inShort(decisions.on(createEvent('risk.limit_cleared', cause)))).toContain(expected);
  });

  it('tries a broken channel once per process and then each quarter of an hour', () => {
    requested('a', 'ERROR');
    const dead = { deliveryId: 'a', alertId: 'a', channel: 'chat', attempt: 1, detail: 'bad token' };
    happened(createEvent('delivery.abandoned', { ...dead, reason: 'broken' }));
    requested('b', 'ERROR');
    expect(next(NOW, undefined)).toBe('send b');
    expect(next(NOW, NOW - 1)).toBe('abandon b broken');
    expect(next(NOW, NOW - 15 * 60_000)).toBe('send b');
  });

  it('leaves what is under way, and what is behind it, and goes on with others', () => {
    requested('trigger', 'CRITICAL', { fingerprint: 'f' });
    requested('resolve', 'CRITICAL', { fingerprint: 'f', kind: 'resolved' });
    requested('other', 'INFO');
    const attempt = { deliveryId: 'trigger', alertId: 'f', channel: 'chat', attempt: 1 };
    happened(createEvent('delivery.started', { ...attempt, startedAt: NOW }));
    expect(next()).toBe('send other');
    happened(createEvent('delivery.succeeded', { ...attempt, latencyMs: 1 }));
    expect(next()).toBe('send resolve');
  });

  it('goes on in the same order from the state alone, as after a restart', () => {
    requested('trigger', 'WARNING', { fingerprint: 'f' });
    requested('resolve', 'CRITICAL', { fingerprint: 'f', kind: 'resolved' });
    requested('other', 'INFO');
    happened(failed('trigger', NOW + 500));
    queues = DeliveryQueues.of(state, NOW, 60_000);
    expect([next(), next(NOW + 500)]).toEqual(['send other', 'send trigger']);
  });

  it('25: waits no longer than the longest backoff for what was scheduled before the clock was set back', () => {
    requested('a', 'WARNING', { requestedAt: NOW + 3_600_000 });
    happened(failed('a', NOW + 3_600_500));
    queues = DeliveryQueues.of(state, NOW, 60_000);
    expect(next()).toBe(`wait ${NOW + 60_000}`);
    expect(next(NOW + 60_000)).toBe('send a');
  });

  it('chooses as a look at every message would, whatever happens to them', () => {
    const random = seededRandom('queue');
    const pick = (count: number): number => Math.floor(random() * count);
    const levels = ['INFO', 'WARNING', 'CRITICAL'] as const;
    let now = NOW;
    for (let step = 0; step < 3_000; step++) {
      now += pick(50);
      const pending = [...state.pending.values()];
      const one = pending[pick(pending.length)];
      if (one === undefined || random() < 0.45) {
        const level = levels[pick(3)] ?? 'INFO';
        requested(`d${step}`, level, { fingerprint: `f${pick(12)}`, requestedAt: now });
      } else if (random() < 0.4) {
        happened(failed(one.deliveryId, now + pick(200)));
      } else {
        const reference = { deliveryId: one.deliveryId, alertId: one.alertId, channel: 'chat', attempt: 1 };
        happened(createEvent('delivery.succeeded', { ...reference, latencyMs: 1 }));
      }
      expect(next(now)).toBe(byLookingAtAll(now));
    }
  });
});

function byLookingAtAll(now: number): string {
  const heads = new Map<string, PendingDelivery>();
  for (const one of state.pending.values()) {
    if (!heads.has(one.fingerprint)) heads.set(one.fingerprint, one);
  }
  const order = [...state.pending.keys()];
  const due = [...heads.values()].filter(({ nextAttemptAt }) => nextAttemptAt <= now);
  const rank = ({ notice }: PendingDelivery): number => (notice.level === 'CRITICAL' ? 0 : 1);
  due.sort((a, b) => rank(a) - rank(b) || order.indexOf(a.deliveryId) - order.indexOf(b.deliveryId));
  if (due[0] !== undefined) return `send ${due[0].deliveryId}`;
  const times = [...heads.values()].map(({ nextAttemptAt }) => nextAttemptAt);
  return `wait ${times.length === 0 ? 'for change' : Math.min(...times)}`;
}
