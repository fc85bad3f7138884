import { createEvent } from '@opensqt/trading-events';

/** A soft limit of that scope is exceeded: one alert for each scope. */
export const breach = (scope: string, occurredAt: number) =>
  createEvent(
    'risk.limit_breached',
    { scope, limit: 'max_position', value: '2', threshold: '1', severity: 'warning' },
    { occurredAt },
  );

/** It is not any more. */
export const cleared = (scope: string, occurredAt: number) =>
  createEvent('risk.limit_cleared', { scope, limit: 'max_position' }, { occurredAt });
