import { AlertLevel } from '@opensqt/trading-events';
import { choice } from '@opensqt/trading-events/options';

/** A channel's minimum level. */
export const level = choice(Object.values(AlertLevel));
