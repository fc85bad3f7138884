import { type AlertLevel, type NoticeKind, createEvent } from '@opensqt/trading-events';
import { evolveAlerts } from '../alerts.projection';
import { type AlertsState, initialAlerts } from '../alerts.state';
import { nextStep } from './next-step';

const NOW = 1_000_000;

function requested(
  state: AlertsState,
  deliveryId: string,
  level: AlertLevel,
  given: { fingerprint?: string; kind?: NoticeKind; channel?: string; requestedAt?: number } = {},
): void {
  const { fingerprint = deliveryId, kind = 'raised', channel = 'chat', requestedAt = NOW } = given;
  const notice = { level, title: '', message: '', timestamp: 0, fields: {} };
  const data = { deliveryId, alertId: fingerprint, channel, fingerprint, kind, notice, requestedAt };
  evolveAlerts(state, createEvent('delivery.requested', data));
}

function next(state: AlertsState, now = NOW, lastTried?: number): string {
  const step = nextStep(state, 'chat', now, lastTried);
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
  let state: AlertsState;
  beforeEach(() => {
    state = initialAlerts();
  });

  it('waits when there is nothing to send, whatever other channels have', () => {
    requested(state, 'a', 'INFO', { channel: 'other' });
    expect(next(state)).toBe('wait for change');
  });

  it('sends the oldest first', () => {
    requested(state, 'a', 'INFO');
    requested(state, 'b', 'ERROR');
    expect(next(state)).toBe('send a');
  });

  it('lets CRITICAL pass a backlog', () => {
    for (let i = 0; i < 1_000; i++) requested(state, `w${i}`, 'WARNING');
    requested(state, 'c', 'CRITICAL');
    requested(state, 'd', 'CRITICAL');
    expect(next(state)).toBe('send c');
  });

  it('keeps the order of messages about one thing, also while the first waits for its next attempt', () => {
    requested(state, 'trigger', 'CRITICAL', { fingerprint: 'f' });
    requested(state, 'resolve', 'CRITICAL', { fingerprint: 'f', kind: 'resolved' });
    requested(state, 'other', 'INFO');
    evolveAlerts(state, failed('trigger', NOW + 500));
    expect(next(state)).toBe('send other');
    expect(next(state, NOW + 500)).toBe('send trigger');
  });

  it('sends nothing while the channel is paused', () => {
    requested(state, 'a', 'CRITICAL');
    requested(state, 'b', 'CRITICAL');
    evolveAlerts(state, failed('a', NOW + 7_000, NOW + 7_000));
    expect(next(state, NOW + 6_999)).toBe(`wait ${NOW + 7_000}`);
    expect(next(state, NOW + 7_000)).toBe('send a');
  });

  it.each<[AlertLevel, number, string]>([
    ['INFO', 15 * 60_000, 'send a'],
    ['INFO', 15 * 60_000 + 1, 'abandon a expired'],
    ['WARNING', 15 * 60_000 + 1, 'send a'],
    ['CRITICAL', 24 * 60 * 60_000, 'send a'],
  ])('%s after %i ms: %s', (level, age, expected) => {
    requested(state, 'a', level);
    expect(next(state, NOW + age)).toBe(expected);
  });

  it('does not tell the end of what nobody was told of', () => {
    requested(state, 'trigger', 'ERROR', { fingerprint: 'f' });
    requested(state, 'resolve', 'ERROR', { fingerprint: 'f', kind: 'resolved' });
    const dead = { deliveryId: 'trigger', alertId: 'f', channel: 'chat', attempt: 1, detail: '' };
    evolveAlerts(state, createEvent('delivery.abandoned', { ...dead, reason: 'rejected' }));
    expect(next(state)).toBe('abandon resolve trigger_not_delivered');
  });

  it('tries a broken channel once per process and then each quarter of an hour', () => {
    requested(state, 'a', 'ERROR');
    const dead = { deliveryId: 'a', alertId: 'a', channel: 'chat', attempt: 1, detail: 'bad token' };
    evolveAlerts(state, createEvent('delivery.abandoned', { ...dead, reason: 'broken' }));
    requested(state, 'b', 'ERROR');
    expect(next(state, NOW, undefined)).toBe('send b');
    expect(next(state, NOW, NOW - 1)).toBe('abandon b broken');
    expect(next(state, NOW, NOW - 15 * 60_000)).toBe('send b');
  });
});
