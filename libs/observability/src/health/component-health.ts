import type { EventLogStatus } from '@opensqt/event-log';
import type { ReplayStatus } from '../ingest/log-restore';
import type { HealthState } from './health.projection';

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
  | { readonly state: 'failed' | 'withheld' | 'starting'; readonly reason: string }
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

/** A log that refuses writes keeps its events waiting; they are lost if the process ends now. */
export function eventLogHealth(log: EventLogStatus): ComponentHealth {
  const { failure: maintenance, ...storage } = log.storage ?? {};
  const details = { position: log.position, queueDepth: log.queueDepth, ...storage };
  if (log.failure !== undefined) return { status: 'down', reason: log.failure.message, ...details };
  return maintenance === undefined
    ? { status: 'up', reason: 'writable', ...details }
    : { status: 'degraded', reason: maintenance.message, ...details };
}

/**
 * An exchange is there when its streams are connected and prices come.
 *
 * @param now on the clock that events are stamped by
 * @param staleAfter milliseconds without any price after which the market stream counts as stale
 */
export function exchangeHealth(
  state: HealthState,
  exchange: string,
  now: number,
  staleAfter: number,
): ComponentHealth {
  for (const [stream, health] of state.streams.get(exchange) ?? []) {
    if (health.connected) continue;
    const reason = `the ${stream} stream is disconnected since ${iso(health.since)}: ${health.reason ?? 'no reason given'}`;
    return { status: 'down', reason };
  }
  const priced = lastPrice(state, exchange);
  if (priced !== undefined && now - priced > staleAfter) {
    return { status: 'down', reason: `no price for ${seconds(now - priced)} s, since ${iso(priced)}` };
  }
  return { status: 'up', reason: priced === undefined ? 'connected, no price yet' : 'connected and fresh' };
}

/** The reasons for which trading halts itself: reported, and none to kill the process. */
export function tradingHealth(state: HealthState): ComponentHealth {
  const reasons = [
    ...[...state.breakers].map(([scope, { reason }]) => `circuit breaker ${scope} is open: ${reason}`),
    ...[...state.limits.values()].map(({ scope, limit }) => `risk limit ${limit} of ${scope} is breached`),
    ...[...state.panicked].map(([symbol, { strategy }]) => `strategy ${strategy} of ${symbol} has panicked`),
  ];
  const symbols = [...state.trading];
  return reasons.length === 0
    ? { status: 'up', reason: 'no breaker, limit or panic', symbols }
    : { status: 'degraded', reason: reasons.join('; '), symbols };
}

/** The channels' state, as their sender reports it. */
export interface ChannelsStatus {
  readonly names: readonly string[];
  /** Channels that a message cannot be delivered through at the moment, and why. */
  readonly broken: ReadonlyMap<string, string>;
  readonly pending: number;
}

/** The part of a process in the alerts of its log: one of all that share it decides and sends. */
export type AlertsDuty =
  /** The log is being replayed. */
  | { readonly role: 'starting' }
  | { readonly role: 'leader' }
  | {
      readonly role: 'standby';
      /** The process that sends, where it is known. */
      readonly holder?: string | undefined;
      /** The reason that nobody can take over at the moment. */
      readonly problem?: string | undefined;
    }
  | { readonly role: 'ended'; readonly reason: string };

/** Standing by is as good as sending alerts; a standby that cannot take over is worth a look. */
export function alertsHealth(alerts: AlertsDuty): ComponentHealth {
  const sends = alerts.role === 'leader';
  switch (alerts.role) {
    case 'starting':
      return { status: 'degraded', reason: 'waits for the replay of the event log', sends };
    case 'leader':
      return { status: 'up', reason: 'sends', sends };
    case 'standby':
      return alerts.problem === undefined
        ? { status: 'up', reason: `stands by for ${alerts.holder ?? 'whoever sends'}`, sends }
        : { status: 'degraded', reason: `stands by and tries again: ${alerts.problem}`, sends };
    case 'ended':
      return { status: 'degraded', reason: alerts.reason, sends };
  }
}

/** Channels that a message cannot be delivered through at the moment. */
export function channelsHealth({ names, broken, pending }: ChannelsStatus): ComponentHealth {
  const details = { channels: names, pendingDeliveries: pending };
  if (broken.size === 0) return { status: 'up', reason: `${names.length} in use`, ...details };
  const reason = [...broken].map(([channel, why]) => `${channel} is broken: ${why}`).join('; ');
  return { status: 'degraded', reason, ...details };
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
    case 'failed':
      return { status: 'degraded', reason: `the last one did not arrive: ${report.reason}`, ...details };
  }
}

function lastPrice(state: HealthState, exchange: string): number | undefined {
  let last: number | undefined;
  for (const [symbol, pricedAt] of state.pricedAt) {
    const of = state.exchangeOf.get(symbol);
    if (of !== undefined && of !== exchange) continue;
    if (last === undefined || pricedAt > last) last = pricedAt;
  }
  return last;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function seconds(duration: number): string {
  return (duration / 1_000).toFixed(0);
}
