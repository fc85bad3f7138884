import type { EventLogStatus } from '@opensqt/event-log';
import { formatDuration } from '@opensqt/trading-events';
import type { ReplayStatus } from '../ingest/log-restore';

/** The health of a component: `degraded` is reported and is no reason to stop anything. */
export interface ComponentHealth {
  readonly status: 'up' | 'degraded' | 'down';
  readonly reason: string;
  readonly [detail: string]: unknown;
}

/** The state of the heartbeats to a dead-man's switch. */
export type HeartbeatReport = {
  /** Wall clock, of the last one that arrived. */
  readonly lastSentAt: number | undefined;
} & (
  | { readonly state: 'sent' }
  /** The reason that the last one did not arrive, or that none is sent. */
  | { readonly state: 'failed' | 'unproved' | 'withheld' | 'starting'; readonly reason: string }
);

/** The state of the export of the metrics. */
export type ExportReport = {
  /** Wall clock, of the last one that arrived. */
  readonly lastSentAt: number | undefined;
} & (
  | { readonly state: 'starting' | 'sent' }
  /** The reason that the last one did not arrive, or not as a whole. */
  | { readonly state: 'partial' | 'failed'; readonly reason: string }
);

/** Projections are whole once the log has been replayed. */
export function replayHealth(replay: ReplayStatus): ComponentHealth {
  switch (replay.state) {
    case 'running':
      return {
        status: 'down',
        reason:
          replay.problem === undefined
            ? `replaying the event log, at position ${replay.position}`
            : `the event log cannot be replayed and is tried again: ${replay.problem}`,
      };
    case 'failed':
      return { status: 'down', reason: `the event log could not be replayed: ${replay.error.message}` };
    case 'done':
      return {
        status: 'up',
        reason: `${replay.events} events replayed at the start${replay.from === 0 ? '' : `, after the snapshot at position ${replay.from}`}`,
      };
  }
}

/** Commits and decisions that take longer than this (ms) have stopped, for all that anybody can tell. */
const OVERDUE_MS = 30_000;

/** A log that refuses writes keeps its events waiting; they are lost if the process ends now. */
export function eventLogHealth(log: EventLogStatus): ComponentHealth {
  const { failure: maintenance, ...storage } = log.storage ?? {};
  const details = { position: log.position, queueDepth: log.queueDepth, ...storage };
  if (log.failure !== undefined) return { status: 'down', reason: log.failure.message, ...details };
  if (log.lagMs > OVERDUE_MS) {
    const reason = `an event waits for its commit for ${formatDuration(log.lagMs)}`;
    return { status: 'down', reason, ...details };
  }
  return maintenance === undefined
    ? { status: 'up', reason: 'writable', ...details }
    : { status: 'degraded', reason: maintenance.message, ...details };
}

/** The channels' state, as their sender reports it. */
export interface ChannelsStatus {
  readonly names: readonly string[];
  /** The one that leads nowhere but to the process's own log. */
  readonly local: string;
  /** Channels that a message cannot be delivered through at the moment, and why. */
  readonly broken: ReadonlyMap<string, string>;
  /** Channels that a message was delivered through since the process started. */
  readonly proven: ReadonlySet<string>;
  readonly pending: number;
}

/** The position that alerts are decided up to, and how far that is behind the log. */
export interface DecidedStatus {
  readonly position: number;
  /** Committed events that are not decided on yet, and how long (ms) there have been some. */
  readonly behind: number;
  readonly behindMs: number;
}

/** The part of a process in the alerts of its bot: one of the bot's processes decides and sends. */
export type AlertsDuty = {
  /** Undefined where nothing is decided. */
  readonly decided?: DecidedStatus | undefined;
} &
  /** The log is being replayed. */
  (
    | { readonly role: 'starting' }
    | { readonly role: 'leader' }
    | {
        readonly role: 'standby';
        /** The process that sends, where it is known. */
        readonly holder?: string | undefined;
        /** The reason that nobody can take over at the moment. */
        readonly problem?: string | undefined;
      }
    | { readonly role: 'ended'; readonly reason: string }
  );

/** Standing by is as good as sending alerts; a leader that is far behind, or a standby that cannot take over, notifies nobody. */
export function alertsHealth(alerts: AlertsDuty): ComponentHealth {
  const sends = alerts.role === 'leader';
  switch (alerts.role) {
    case 'starting':
      return { status: 'degraded', reason: 'waits for the replay of the event log', sends };
    case 'leader':
      return leaderHealth(alerts.decided);
    case 'standby':
      return alerts.problem === undefined
        ? { status: 'up', reason: `stands by for ${alerts.holder ?? 'whoever sends'}`, sends }
        : { status: 'down', reason: `stands by and tries again: ${alerts.problem}`, sends };
    case 'ended':
      return { status: 'down', reason: `alerts do not run: ${alerts.reason}`, sends };
  }
}

function leaderHealth(decided: DecidedStatus | undefined): ComponentHealth {
  const sends = true;
  if (decided === undefined) return { status: 'up', reason: 'sends', sends };
  const { position, behind, behindMs } = decided;
  const details = { sends, decidedPosition: position, behind, behindMs };
  if (behindMs <= OVERDUE_MS) return { status: 'up', reason: 'sends', ...details };
  const reason = `sends, and is ${behind} events and ${formatDuration(behindMs)} behind`;
  return { status: 'down', reason, ...details };
}

/** Channels: down once none but the process's own log is left. */
export function channelsHealth({ names, local, broken, proven, pending }: ChannelsStatus): ComponentHealth {
  const stateOf = (name: string) => (broken.has(name) ? 'broken' : proven.has(name) ? 'works' : 'unproven');
  const states = Object.fromEntries(names.map((name) => [name, stateOf(name)]));
  const details = { channels: names, states, pendingDeliveries: pending };
  if (broken.size === 0) return { status: 'up', reason: `${names.length} in use`, ...details };
  const reason = [...broken].map(([channel, why]) => `${channel} is broken: ${why}`).join('; ');
  const others = names.filter((name) => name !== local);
  const isCutOff = others.length > 0 && others.every((name) => broken.has(name));
  return { status: isCutOff ? 'down' : 'degraded', reason, ...details };
}

/** Heartbeats are about the others: their own failure is reported and makes nothing `down`. */
export function heartbeatHealth(report: HeartbeatReport): ComponentHealth {
  const { lastSentAt } = report;
  const details = { lastSentAt: lastSentAt === undefined ? 'never' : iso(lastSentAt) };
  switch (report.state) {
    case 'sent':
      return { status: 'up', reason: 'the last one arrived', ...details };
    case 'starting':
      return { status: 'up', reason: `none yet: ${report.reason}`, ...details };
    case 'withheld':
      return { status: 'degraded', reason: `withheld: ${report.reason}`, ...details };
    case 'unproved':
      return { status: 'degraded', reason: `nothing proves that they count: ${report.reason}`, ...details };
    case 'failed':
      return { status: 'degraded', reason: `the last one did not arrive: ${report.reason}`, ...details };
  }
}

/** An export that fails costs nobody but those who look at what it sends. */
export function exportHealth(report: ExportReport): ComponentHealth {
  const details = { lastSentAt: report.lastSentAt === undefined ? 'never' : iso(report.lastSentAt) };
  switch (report.state) {
    case 'sent':
      return { status: 'up', reason: 'the last export arrived', ...details };
    case 'starting':
      return { status: 'up', reason: 'none was due yet', ...details };
    case 'partial':
    case 'failed':
      return { status: 'degraded', reason: report.reason, ...details };
  }
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
