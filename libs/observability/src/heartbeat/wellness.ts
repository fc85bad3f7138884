import type { AlertsVitals } from '../alerts/runtime/alerts-vitals';
import type { ComponentHealth } from '../health/component-health';

/** The facts that a heartbeat vouches for, at one moment. */
export interface Vitals {
  /** The components that trading stands on, by name. */
  readonly components: ReadonlyMap<string, ComponentHealth>;
  /** True until the log has been replayed. */
  readonly replaying: boolean;
  readonly alerts: AlertsVitals;
  /** The log's last position when the heartbeat before this one was due: by now it has been decided on. */
  readonly committedBefore: number;
}

/** The decision about a heartbeat. Nobody is alarmed about what is only starting. */
export type Wellness =
  | { readonly verdict: 'well' }
  | { readonly verdict: 'starting'; readonly reasons: readonly string[] }
  | { readonly verdict: 'unwell'; readonly reasons: readonly string[] };

/**
 * All is well when somebody would be notified if it were not, and the bot does what it is for: the log is writable, projections
 * are whole, prices come, alerts are decided and sent, and trading has not ended. A bot that has halted itself safely (a
 * tripped breaker, a breached limit, a panicked strategy) is well: alerts are about that.
 */
export function wellnessOf({ components, replaying, alerts, committedBefore }: Vitals): Wellness {
  if (replaying) return { verdict: 'starting', reasons: ['the event log is replayed'] };
  if (alerts.state === 'starting') return { verdict: 'starting', reasons: ['alerts are starting'] };
  const down = [...components].filter(([, { status }]) => status === 'down');
  const named = (isStarting: boolean): readonly string[] =>
    down
      .filter(([, { starting }]) => (starting === true) === isStarting)
      .map(([name, { reason }]) => `${name}: ${reason}`);
  const reasons = [
    ...named(false),
    ...alertFaults(alerts, committedBefore),
    ...alerts.tradingEnded.map((title) => `an open alert says: ${title}`),
  ];
  if (reasons.length > 0) return { verdict: 'unwell', reasons };
  const starting = named(true);
  return starting.length === 0 ? { verdict: 'well' } : { verdict: 'starting', reasons: starting };
}

function alertFaults(
  { state, decided, failingChannels }: Vitals['alerts'],
  committedBefore: number,
): readonly string[] {
  if (state === 'failed') return ['alerts do not run'];
  return [
    ...(decided !== undefined && decided < committedBefore
      ? [`alerts are decided up to position ${decided} of the log only, and it had ${committedBefore} before`]
      : []),
    ...failingChannels.map((name) => `nothing is sent through ${name} any more`),
  ];
}
