import { createEvent } from '@opensqt/trading-events';

/** The breaker of that scope tripped, now. */
export const tripped = (scope: string) =>
  createEvent('circuit_breaker.tripped', {
    ...{ scope, reason: 'max_drawdown', value: '512', threshold: '500', cooldownMs: 600_000 },
  });
