import { AlertLevel } from '@opensqt/trading-events';
import { TIMER_MAX, choice, duration } from '@opensqt/trading-events/options';

/** A channel's minimum level. */
export const level = choice(Object.values(AlertLevel));

/** A channel's limit for one request. */
export const requestTimeout = duration({ min: '100ms', max: TIMER_MAX }).prefault('30s');
