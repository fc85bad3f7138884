import type { AlertLevel, DeliveryFailure } from '@opensqt/trading-events';
import type { PendingDelivery } from '../model/alerts.state';
import { afterFailure } from './retry-policy';

const NOW = 1_000_000;

function delivery(level: AlertLevel, given: Partial<PendingDelivery> = {}): PendingDelivery {
  return {
    deliveryId: 'd',
    alertId: 'a',
    channel: 'slack',
    fingerprint: 'f',
    kind: 'raised',
    notice: { level, title: '', message: '', timestamp: 0, fields: {} },
    requestedAt: 0,
    nextAttemptAt: 0,
    ambiguous: false,
    leftOpen: false,
    attempt: 1,
    inFlight: true,
    ...given,
  };
}

const LIMITS = { longestBackoff: 300_000, longestPause: 3_600_000 };

const after = (
  outcome: DeliveryFailure,
  level: AlertLevel,
  given: Partial<PendingDelivery> = {},
  retryAfterMs?: number,
) => afterFailure(delivery(level, given), { outcome, detail: 'why', retryAfterMs }, NOW, () => 0.5, LIMITS);

describe('what follows from a failed attempt', () => {
  it.each<[DeliveryFailure, AlertLevel, 'retry' | 'abandon']>([
    ['transient', 'INFO', 'retry'],
    ['transient', 'CRITICAL', 'retry'],
    ['rate_limited', 'INFO', 'retry'],
    ['rate_limited', 'CRITICAL', 'retry'],
    ['ambiguous', 'INFO', 'abandon'],
    ['ambiguous', 'WARNING', 'retry'],
    ['ambiguous', 'CRITICAL', 'retry'],
    ['rejected', 'CRITICAL', 'abandon'],
    ['too_large', 'CRITICAL', 'abandon'],
    ['broken', 'CRITICAL', 'abandon'],
  ])('%s at %s: %s', (outcome, level, next) => {
    expect(after(outcome, level).next).toBe(next);
  });

  it('sends a message of unknown outcome once more, not twice', () => {
    expect(after('ambiguous', 'CRITICAL', { ambiguous: true, leftOpen: true })).toMatchObject({
      next: 'abandon',
      data: { reason: 'ambiguous' },
    });
  });

  it('sends once more, though a kill cut an attempt before, what the provider leaves open for the first time', () => {
    const consequence = after('ambiguous', 'CRITICAL', { ambiguous: true });
    expect(consequence.next).toBe('retry');
    expect(consequence.data).not.toHaveProperty('interrupted');
  });

  it.each([
    [2_000, 2_000],
    [100, 500],
    [86_400_000, 3_600_000],
  ])('tries a message again no sooner than the provider says: %i ms is %i ms', (stated, waits) => {
    expect(after('transient', 'ERROR', {}, stated).data).toMatchObject({ nextAttemptAt: NOW + waits });
  });

  it('2: sends again, marked, what it was killed or stopped over, however often', () => {
    const interrupted = { outcome: 'ambiguous', detail: 'killed', interrupted: true } as const;
    const consequence = (level: AlertLevel) =>
      afterFailure(delivery(level, { leftOpen: true }), interrupted, NOW, () => 0.5, LIMITS);
    expect(['CRITICAL', 'WARNING', 'INFO'].map((level) => consequence(level as AlertLevel).next)).toEqual([
      'retry',
      'retry',
      'abandon',
    ]);
    expect(consequence('CRITICAL').data).toMatchObject({ outcome: 'ambiguous', interrupted: true });
  });

  it('backs off exponentially, up to five minutes', () => {
    const delays = [1, 2, 3, 4, 20].map((attempt) => {
      const { next, data } = after('transient', 'ERROR', { attempt });
      return next === 'retry' ? data.nextAttemptAt - NOW : undefined;
    });
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 150_000]);
  });

  it.each([
    [7_000, 7_000],
    [undefined, 5_000],
    [86_400_000, 3_600_000],
  ])('pauses the channel for %p ms as %p ms', (retryAfterMs, pause) => {
    expect(after('rate_limited', 'INFO', {}, retryAfterMs)).toMatchObject({
      data: { pausedUntil: NOW + pause, nextAttemptAt: NOW + pause },
    });
  });
});
