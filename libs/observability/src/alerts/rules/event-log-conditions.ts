import type { EventLogStatus } from '@opensqt/event-log';
import { AlertLevel, formatDuration } from '@opensqt/trading-events';
import type { AlertText, ConditionDefinition } from './alert-rule';

/** Events that wait longer than this (ms) are an alert: the disk is not keeping up. */
const BEHIND_MS = 10_000;
/** A log that has refused nothing for this long (ms) takes events again. */
const CALM_MS = 30_000;

/** A fault of the log. */
export interface EventLogCondition extends ConditionDefinition {
  readonly level: AlertLevel;
  /** @param refusedAt when an event was last seen to be refused, undefined when none ever was */
  holds(status: EventLogStatus, now: number, refusedAt: number | undefined): boolean;
  raised(status: EventLogStatus): AlertText;
  readonly resolved: AlertText;
}

/** Everything that can be wrong with the log. None of it can be decided from committed events, as other alerts are. */
export const EVENT_LOG_CONDITIONS: readonly EventLogCondition[] = [
  {
    condition: 'event_log_unwritable',
    documentation: {
      raisedBy: 'a log that cannot be written; sent past the log, to every channel',
      level: 'CRITICAL',
      resolvedBy: 'a log that can be written',
      about: '–',
    },
    level: AlertLevel.Critical,
    holds: ({ failure }) => failure !== undefined,
    raised: ({ failure, queueDepth }) => ({
      title: 'The event log cannot be written',
      message: `${failure?.message ?? ''} ${queueDepth} events wait in memory and are lost if the process ends. Other alerts are held back until it can be written again; trading goes on.`,
      fields: { Code: failure?.code ?? '', Waiting: String(queueDepth) },
    }),
    resolved: {
      title: 'The event log can be written again',
      message: 'What waited was written; nothing that was taken in is lost.',
      fields: {},
    },
  },
  {
    condition: 'event_log_refusing',
    documentation: {
      raisedBy: 'events that were refused since too many wait; sent past the log',
      level: 'CRITICAL',
      resolvedBy: '30 s without a refusal',
      about: '–',
    },
    level: AlertLevel.Critical,
    holds: (_, now, refusedAt) => refusedAt !== undefined && now - refusedAt < CALM_MS,
    raised: ({ refused, queueDepth, queueCapacity }) => ({
      title: 'The event log refuses events',
      message: `${refused} events were refused and are not in the log: ${queueDepth} of at most ${queueCapacity} are waiting for the disk. Placed and cancelled orders are refused first. Free the disk, or slow the source down; compare orders and positions with the exchange.`,
      fields: { Refused: String(refused), Waiting: String(queueDepth) },
    }),
    resolved: {
      title: 'The event log takes all events again',
      message: `Nothing was refused for ${formatDuration(CALM_MS)}. What was refused before is not in the log.`,
      fields: {},
    },
  },
  {
    condition: 'event_log_behind',
    documentation: {
      raisedBy: 'events that wait for longer than 10 s; sent past the log',
      level: 'WARNING',
      resolvedBy: "events that don't",
      about: '–',
    },
    level: AlertLevel.Warning,
    holds: ({ lagMs, failure }) => failure === undefined && lagMs > BEHIND_MS,
    raised: ({ lagMs, queueDepth }) => ({
      title: 'The event log is behind',
      message: `The oldest of ${queueDepth} waiting events has waited ${Math.round(lagMs / 1_000)} s for the disk (limit ${BEHIND_MS / 1_000} s). Alerts are delayed by the same time. Look for what else uses the disk.`,
      fields: { Waiting: String(queueDepth) },
    }),
    resolved: { title: 'The event log has caught up', message: 'No event waits for long.', fields: {} },
  },
  {
    condition: 'event_log_upkeep_failing',
    documentation: {
      raisedBy: 'an archive, or a write-ahead log, that cannot be kept small; sent past the log',
      level: 'WARNING',
      resolvedBy: 'the next time that it works',
      about: '–',
    },
    level: AlertLevel.Warning,
    holds: ({ storage }) => storage?.failure !== undefined,
    raised: ({ storage }) => ({
      title: 'The files of the event log cannot be kept small',
      message: `${storage?.failure?.message ?? ''} It is tried again; nothing is lost, and they grow until it works. Look at the archive's folder (is there space, may it be written?) and at what reads the log for long.`,
      fields: { Code: storage?.failure?.code ?? '' },
    }),
    resolved: {
      title: 'The files of the event log are kept small again',
      message: 'Archiving and emptying the write-ahead log work.',
      fields: {},
    },
  },
];
