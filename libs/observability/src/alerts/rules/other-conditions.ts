import { AlertLevel, DRILL } from '@opensqt/trading-events';
import type { ConditionDefinition } from './alert-rule';

/** A channel that cannot deliver. */
export const channelBroken = {
  condition: 'channel_broken',
  levels: [AlertLevel.Error],
  documentation: {
    raisedBy:
      'a channel that cannot deliver (bad token, deleted webhook), or that gave up a message from WARNING on which no other channel has',
    level: 'ERROR',
    resolvedBy: 'a delivery through it; a start without it',
    about: 'channel',
  },
} satisfies ConditionDefinition;

/** Trading that ended by itself; whoever runs the trading raises it. */
export const tradingEnded = {
  condition: 'trading_ended',
  levels: [AlertLevel.Critical],
  documentation: {
    raisedBy: 'trading that ended by itself',
    level: 'CRITICAL',
    resolvedBy: 'trading that begins again',
    about: 'exchange',
  },
} satisfies ConditionDefinition;

/**
 * The condition of trading that ended by itself. While it is open, heartbeats are withheld.
 *
 * @example
 * await alerts.raise({ condition: TRADING_ENDED, labels: { exchange }, level: AlertLevel.Critical, title, message });
 */
export const TRADING_ENDED = tradingEnded.condition;

/** A dead-man's switch that cannot be reached. */
export const heartbeatFailing = {
  condition: 'heartbeat_failing',
  levels: [AlertLevel.Warning],
  documentation: {
    raisedBy: "three heartbeats in a row that did not arrive at the dead-man's switch",
    level: 'WARNING',
    resolvedBy: 'a heartbeat that arrives',
    about: 'writer',
  },
} satisfies ConditionDefinition;

/** A part of alerting that throws, or decisions that cannot be recorded. */
export const alertingFailing = {
  condition: 'alerting_failing',
  levels: [AlertLevel.Critical],
  documentation: {
    raisedBy:
      'a rule, formatter, stage or channel that throws, or decisions that cannot be recorded; the part is passed over',
    level: 'CRITICAL',
    resolvedBy:
      'a rule that decides again, 10 min after it threw last; of other parts, 10 min without a failure',
    about: 'part',
  },
} satisfies ConditionDefinition;

/** More alerts on a channel than are sent one by one. */
export const digest = {
  condition: 'digest',
  levels: [],
  documentation: {
    raisedBy: 'more than `burst` alerts on a channel within `group_window`',
    level: 'the highest among them',
    resolvedBy: '– (sent once)',
    about: 'channel',
  },
} satisfies ConditionDefinition;

/** An alert that code raises without a condition of its own. */
export const manual = {
  condition: 'manual',
  levels: Object.values(AlertLevel),
  documentation: {
    raisedBy: '`AlertService.raise` without a condition',
    level: 'as raised',
    resolvedBy: '`AlertService.resolve`',
    about: 'title, unless given',
  },
} satisfies ConditionDefinition;

/** An alert of a drill. */
export const drill = {
  condition: DRILL,
  levels: [],
  documentation: {
    raisedBy: '`alerts drill`: nothing happened, somebody looks who is notified',
    level: 'one of each',
    resolvedBy: '– (sent once)',
    about: 'drill, level',
  },
} satisfies ConditionDefinition;
