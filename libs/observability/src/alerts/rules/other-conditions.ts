import type { ConditionDefinition } from './alert-rule';

/** A channel that cannot deliver. */
export const channelBroken = {
  condition: 'channel_broken',
  documentation: {
    raisedBy: 'a channel that cannot deliver (bad token, deleted webhook)',
    level: 'ERROR',
    resolvedBy: 'a delivery through it',
    about: 'channel',
  },
} satisfies ConditionDefinition;

/** Trading that ended by itself; whoever runs the trading raises it. */
export const tradingEnded = {
  condition: 'trading_ended',
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
  documentation: {
    raisedBy: "three heartbeats in a row that did not arrive at the dead-man's switch",
    level: 'WARNING',
    resolvedBy: 'a heartbeat that arrives',
    about: 'writer',
  },
} satisfies ConditionDefinition;

/** More alerts on a channel than are sent one by one. */
export const digest = {
  condition: 'digest',
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
  documentation: {
    raisedBy: '`AlertService.raise` without a condition',
    level: 'as raised',
    resolvedBy: '`AlertService.resolve`',
    about: 'title, unless given',
  },
} satisfies ConditionDefinition;
