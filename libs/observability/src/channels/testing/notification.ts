import type { AlertNotification } from '../channel';

/** A notification to send in a test; what the test is about is given. */
export function notification(given: Partial<AlertNotification> = {}): AlertNotification {
  return {
    alertId: '0192f0c1-2f0a-7c3e-9b1d-5a2f6f1e7c11',
    fingerprint: 'circuit_breaker_trip{scope="BTCUSDT"}',
    condition: 'circuit_breaker_trip',
    labels: { scope: 'BTCUSDT' },
    kind: 'raised',
    level: 'CRITICAL',
    title: 'Circuit breaker tripped: BTCUSDT',
    message: 'Drawdown reached 6 % (limit 5 %). Trading is stopped.',
    timestamp: new Date('2026-11-24T03:12:07Z'),
    fields: { Scope: 'BTCUSDT', Threshold: '5 %' },
    possibleDuplicate: false,
    ...given,
  };
}
