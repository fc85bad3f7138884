import { AlertLevel } from '@opensqt/trading-events';
import { compareLevels } from '../../model/levels';
import { LOG_CHANNEL } from '../channel-route';
import { CompiledMatchers } from './matchers';
import { type Stage, endOf, hold } from './stage';

/** The condition of a channel that cannot deliver. */
export const CHANNEL_BROKEN = 'channel_broken';

const routeMatchers = new CompiledMatchers();

/** Exempts the log: it is notified of everything. */
export const log: Stage = {
  name: 'log',
  judge: ({ channel }) => (channel.name === LOG_CHANNEL ? 'exempt' : 'pass'),
};

/**
 * Holds what the route of the channel does not match, what is below its level, and that the channel itself is broken. The end of what it
 * knows passes.
 */
export const match: Stage = {
  name: 'match',
  judge({ alert, channel: { name, match: matchers, minLevel = AlertLevel.Info }, kind }) {
    if (kind === 'resolved') return 'pass';
    if (alert.condition === CHANNEL_BROKEN && alert.labels['channel'] === name) return hold('not_matched');
    if (matchers !== undefined && !routeMatchers.matches(matchers, alert)) return hold('not_matched');
    return compareLevels(alert.level, minLevel) < 0 ? hold('below_channel_level') : 'pass';
  },
};

/**
 * Holds repeats of what somebody acknowledged, and on a channel for unacknowledged alerts whatever is not CRITICAL, is acknowledged, or may
 * still be in time.
 */
export const acknowledged: Stage = {
  name: 'acknowledged',
  judge({ alert, channel: { unacknowledgedAfter }, kind, notified, now }) {
    const { acknowledgedBy, level, since, levelSince = since } = alert;
    if (kind === 'repeated') return acknowledgedBy === undefined ? 'pass' : hold('acknowledged');
    if (unacknowledgedAfter === undefined || kind === 'resolved' || kind === 'acknowledged') return 'pass';
    if (acknowledgedBy !== undefined) return hold('acknowledged');
    if (notified !== undefined) return 'pass';
    if (level !== AlertLevel.Critical || alert.status === 'one_off') return hold('awaiting_acknowledgement');
    const until = endOf(levelSince, unacknowledgedAfter, now);
    return now < until ? hold('awaiting_acknowledgement', until) : 'pass';
  },
};
