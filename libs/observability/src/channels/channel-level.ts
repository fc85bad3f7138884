import { AlertLevel } from '@opensqt/trading-events';
import { choice } from '@opensqt/trading-events/options';

/** A channel's least level. */
export const level = choice(Object.values(AlertLevel));
