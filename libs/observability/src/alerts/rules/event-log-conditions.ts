import { EventLogError, type EventLogStatus, type LogSpace } from '@opensqt/event-log';
import { AlertLevel, formatDuration } from '@opensqt/trading-events';
import { bytes, formatBesideLimit, milliseconds } from '../../format/limit';
import { formatNumber } from '../../format/number';
import type { AlertText, ConditionDefinition } from './alert-rule';

/** Events that wait longer than this (ms) are an alert: the disk is not keeping up. */
const BEHIND_MS = 10_000;
/** A log that has refused nothing for this long (ms) takes events again. */
const CALM_MS = 30_000;

/** The rest of what faults of the log are judged by. */
export interface LogContext {
  /** Wall clock. */
  readonly now: number;
  /** The last time that an event was seen to be refused; undefined when none ever was. */
  readonly refusedAt: number | undefined;
  /** `event_log.min_free_space`. */
  readonly minFreeBytes: number | undefined;
}

/** Room that a log has to have where no limit is configured: this many bytes, or this part of its file system if that is less. */
const MIN_FREE = { bytes: 1e9, share: 0.05 };

/** A fault of the log. */
export interface EventLogCondition extends ConditionDefinition {
  readonly level: AlertLevel;
  holds(status: EventLogStatus, context: LogContext): boolean;
  raised(status: EventLogStatus, context: LogContext): AlertText;
  readonly resolved: AlertText;
}

/** Everything that can be wrong with the log. None of it can be decided from committed events, as other alerts are. */
export const EVENT_LOG_CONDITIONS: readonly EventLogCondition[] = [
  {
    condition: 'event_log_unwritable',
    levels: [],
    documentation: {
      raisedBy: 'a log that cannot be written, or whose file is gone; sent past the log, to every channel',
      level: 'CRITICAL',
      resolvedBy: '30 s in which it can be written',
      about: '–',
    },
    level: AlertLevel.Critical,
    holds: ({ failure }) => failure !== undefined,
    raised: ({ failure, queueDepth }) => ({
      title: 'The event log cannot be written',
      message: `${failure?.message ?? ''} ${formatNumber(queueDepth)} events wait in memory and are lost if the process ends. Other alerts are held back until the log can be written again. This does not halt trading. ${remedy(failure)}`,
      fields: { Code: failure?.code ?? '', Waiting: formatNumber(queueDepth) },
    }),
    resolved: {
      title: 'The event log can be written again',
      message: 'What waited was written; no accepted event is lost.',
      fields: {},
    },
  },
  {
    condition: 'event_log_refusing',
    levels: [],
    documentation: {
      raisedBy: 'events that were refused since too many wait; sent past the log',
      level: 'CRITICAL',
      resolvedBy: 'about 60 s without a refusal',
      about: '–',
    },
    level: AlertLevel.Critical,
    holds: (_, { now, refusedAt }) => refusedAt !== undefined && now - refusedAt < CALM_MS,
    raised: ({ refused, queueDepth, queueCapacity }) => ({
      title: 'The event log refuses events',
      message: `${formatNumber(refused)} events were refused and are not in the log: ${formatNumber(queueDepth)} (limit ${formatNumber(queueCapacity)}) wait for the disk. Placed and cancelled orders are refused first. Free the disk, or slow the source down; compare orders and positions with the exchange.`,
      fields: { Refused: formatNumber(refused), Waiting: formatNumber(queueDepth) },
    }),
    resolved: {
      title: 'The event log takes all events again',
      message: `Nothing was refused for ${formatDuration(CALM_MS)}. What was refused before is not in the log.`,
      fields: {},
    },
  },
  {
    condition: 'event_log_behind',
    levels: [],
    documentation: {
      raisedBy: 'events that wait for longer than 10 s; sent past the log',
      level: 'WARNING',
      resolvedBy: '30 s in which none does',
      about: '–',
    },
    level: AlertLevel.Warning,
    holds: ({ lagMs, failure }) => failure === undefined && lagMs > BEHIND_MS,
    raised: ({ lagMs, queueDepth }) => {
      const lag = formatBesideLimit(lagMs, BEHIND_MS, milliseconds);
      return {
        title: 'The event log is behind',
        message: `The oldest of ${formatNumber(queueDepth)} waiting events has waited ${lag.value} (limit ${lag.limit}) for the disk. Alerts are delayed by the same time. Look for what else uses the disk.`,
        fields: { Waiting: formatNumber(queueDepth) },
      };
    },
    resolved: { title: 'The event log has caught up', message: 'No event waits for long.', fields: {} },
  },
  {
    condition: 'event_log_space',
    levels: [],
    documentation: {
      raisedBy:
        "less room on the file system of the log's file than `event_log.min_free_space` (1 GB or 5 % of it, whichever is less); sent past the log",
      level: 'WARNING',
      resolvedBy: '30 s with more room than that',
      about: '–',
    },
    level: AlertLevel.Warning,
    holds: ({ storage }, context) =>
      storage?.space !== undefined && storage.space.freeBytes < minFree(storage.space, context),
    raised: ({ storage }, context) => {
      const space = storage?.space ?? { freeBytes: 0, totalBytes: 0 };
      const free = formatBesideLimit(space.freeBytes, minFree(space, context), bytes);
      return {
        title: 'The file system of the event log is running out of room',
        message: `${free.value} are free (limit ${free.limit}). When nothing is left, events wait in memory, other alerts are held back, and what waits is lost if the process ends. Free the disk, or move older events to an archive elsewhere (event_log.retention).`,
        fields: { Free: free.value, Limit: free.limit },
      };
    },
    resolved: {
      title: 'The file system of the event log has room again',
      message: 'There is more room than the limit.',
      fields: {},
    },
  },
  {
    condition: 'event_log_upkeep_failing',
    levels: [],
    documentation: {
      raisedBy: 'an archive, a write-ahead log or a database that cannot be kept small; sent past the log',
      level: 'WARNING',
      resolvedBy: 'the next time that it works, and 30 s without a failure after it',
      about: '–',
    },
    level: AlertLevel.Warning,
    holds: ({ storage }) => storage?.failure !== undefined,
    raised: ({ storage }) => ({
      title: 'The event log cannot be kept small',
      message: `${storage?.failure?.message ?? ''} It is tried again; nothing is lost, and the log grows until it works. Where it is a file, look at the archive's folder (is there space, may it be written?) and at what reads the log for long.`,
      fields: { Code: storage?.failure?.code ?? '' },
    }),
    resolved: {
      title: 'The event log is kept small again',
      message: 'Its maintenance works: retention and, of a file, emptying the write-ahead log.',
      fields: {},
    },
  },
];

/** A file that is gone says itself what can be done; ending the process loses it for good. */
function remedy(failure: EventLogError | undefined): string {
  return isGone(failure) || isGone(failure?.cause)
    ? 'Bring the file back before you end the process: until then the system may still hold it.'
    : 'Free the disk, or see why it refuses; do not end the process before.';
}

function isGone(error: unknown): boolean {
  return error instanceof EventLogError && error.code === 'LOG_FILE_GONE';
}

function minFree({ totalBytes }: LogSpace, { minFreeBytes }: LogContext): number {
  return minFreeBytes ?? Math.floor(Math.min(MIN_FREE.bytes, totalBytes * MIN_FREE.share));
}
