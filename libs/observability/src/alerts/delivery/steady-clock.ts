import { performance } from 'node:perf_hooks';
import type { Clock } from '@opensqt/trading-events';

/**
 * The wall clock as it was at the start, carried on by the monotonic clock: when somebody sets the machine's clock, retries
 * neither burst nor stall.
 */
export function steadyClock(): Clock {
  const startedAt = Date.now() - performance.now();
  return { now: () => Math.round(startedAt + performance.now()) };
}
