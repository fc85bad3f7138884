import type { AlertLevel, EpochMs } from '@opensqt/trading-events';
import {
  type Alert,
  type AlertKey,
  type AlertsState,
  type Digest,
  type Notified,
  findAlert,
} from './alerts.state';
import { settleEnd } from './ended-fold';
import { compareLevels, louder } from './levels';

/** Subjects that a digest keeps, besides those of alerts that are open: more than it names. */
const MAX_SUBJECTS = 1_000;

/** An alert is held until a digest that is due then. */
export function holdInDigest(
  state: AlertsState,
  channel: string,
  alert: Alert,
  at: EpochMs,
  dueAt: EpochMs,
): void {
  const digest = digestOf(state, channel, at, dueAt);
  const entry = digest.entries.get(alert.fingerprint) ?? { held: [] };
  const others = entry.held.filter((id) => id !== alert.id);
  digest.entries.set(alert.fingerprint, { ...entry, held: [...others, alert.id] });
  state.digests.set(channel, digest);
  throttleDigest(state, channel, dueAt);
}

/** An alert that a channel was not notified of came and went: it is a line of the digest that is due then. */
export function passInDigest(
  state: AlertsState,
  channel: string,
  alert: Alert,
  at: EpochMs,
  dueAt: EpochMs,
): void {
  let digest = digestOf(state, channel, at, dueAt);
  const entry = digest.entries.get(alert.fingerprint);
  if (entry === undefined && digest.entries.size >= MAX_SUBJECTS) {
    const better = lessSevere(digest, alert);
    digest = counting(digest, better?.passed.worst.level ?? alert.level);
    state.digests.set(channel, digest);
    if (better === undefined) return;
    digest.entries.delete(better.fingerprint);
  }
  const { held, passed } = entry ?? { held: [] };
  const isWorse = passed === undefined || compareLevels(alert.level, passed.worst.level) > 0;
  digest.entries.set(alert.fingerprint, {
    held: held.filter((id) => id !== alert.id),
    passed: {
      count: (passed?.count ?? 0) + 1,
      alertId: alert.id,
      worst: isWorse ? alert : passed.worst,
    },
  });
  state.digests.set(channel, digest);
}

/** A subject that only came and went, less severe than the alert; undefined when there is none. */
function lessSevere({ entries }: Digest, { level }: Alert) {
  for (const [fingerprint, { held, passed }] of entries) {
    const isLess = passed !== undefined && compareLevels(passed.worst.level, level) < 0;
    if (isLess && held.length === 0) return { fingerprint, passed };
  }
  return undefined;
}

/** The digest with one subject more that is only counted. */
function counting(digest: Digest, level: AlertLevel): Digest {
  const { more = { count: 0, level } } = digest;
  return { ...digest, more: { count: more.count + 1, level: louder(more.level, level) } };
}

/** An alert waits for the digest no more. */
export function leaveDigest(state: AlertsState, channel: string, fingerprint: string, alertId: string): void {
  const digest = state.digests.get(channel);
  const entry = digest?.entries.get(fingerprint);
  if (digest === undefined || entry === undefined) return;
  const held = entry.held.filter((id) => id !== alertId);
  if (held.length > 0 || entry.passed !== undefined) digest.entries.set(fingerprint, { ...entry, held });
  else digest.entries.delete(fingerprint);
  if (digest.entries.size === 0 && !digest.throttles) state.digests.delete(channel);
}

/** Removes from the digest the line of what came and went of a subject. */
export function forgetPassed(state: AlertsState, channel: string, fingerprint: string): void {
  const digest = state.digests.get(channel);
  const entry = digest?.entries.get(fingerprint);
  if (digest === undefined || entry === undefined) return;
  if (entry.held.length > 0) digest.entries.set(fingerprint, { held: entry.held });
  else digest.entries.delete(fingerprint);
  if (digest.entries.size === 0 && !digest.throttles) state.digests.delete(channel);
}

/** The digest is one of too many messages: everything else waits for it, too. */
export function throttleDigest(state: AlertsState, channel: string, dueAt: EpochMs): void {
  const digest = state.digests.get(channel);
  if (digest !== undefined && !digest.throttles)
    state.digests.set(channel, { ...digest, throttles: true, dueAt });
}

/** The digest is put off: its channel is not to be disturbed until then. */
export function postponeDigest(state: AlertsState, channel: string, dueAt: EpochMs): void {
  const digest = state.digests.get(channel);
  if (digest !== undefined) state.digests.set(channel, { ...digest, dueAt, throttles: false });
}

/**
 * The digest is sent: what is in it counts as notified.
 *
 * @returns the alerts that it notifies of
 */
export function closeDigest(state: AlertsState, channel: string, at: EpochMs): readonly AlertKey[] {
  const covered: AlertKey[] = [];
  for (const [fingerprint, { held }] of state.digests.get(channel)?.entries ?? []) {
    for (const alertId of held) {
      const alert = findAlert(state, fingerprint, alertId);
      if (alert === undefined) continue;
      if (!('holds' in alert)) {
        settleEnd(state, { fingerprint, alertId }, channel);
        continue;
      }
      covered.push({ alertId, fingerprint });
      const known = state.notifications.get(alertId);
      const before = known?.notified.get(channel);
      const { level, acknowledgedBy, times } = alert;
      known?.holds.delete(channel);
      known?.notified.set(channel, {
        kind: 'digest',
        level: before === undefined || before.kind === 'resolved' ? level : louder(before.level, level),
        at,
        outcome: before?.outcome === 'delivered' ? 'delivered' : 'pending',
        ...(before?.mayHaveArrived === true ? { mayHaveArrived: true } : {}),
        messages: (before?.messages ?? 0) + 1,
        times,
        ...knownChange(state, fingerprint),
        ...(before === undefined || before.onlyDigests === true ? { onlyDigests: true } : {}),
        ...(acknowledgedBy === undefined ? {} : { acknowledgedBy }),
      });
    }
  }
  state.digests.delete(channel);
  return covered;
}

/** The last change of a condition, which a channel that is notified that it flaps knows of. */
export function knownChange(
  { changes }: Readonly<AlertsState>,
  fingerprint: string,
): Pick<Notified, 'knownChangeAt'> {
  const last = changes.get(fingerprint)?.at(-1);
  return last === undefined ? {} : { knownChangeAt: last.at };
}

function digestOf({ digests }: AlertsState, channel: string, at: EpochMs, dueAt: EpochMs): Digest {
  const digest = digests.get(channel);
  // One that was emptied and whose time is over is no more.
  if (digest !== undefined && (digest.entries.size > 0 || at < digest.dueAt))
    return { ...digest, since: Math.min(digest.since, at) }; // the clock may have been set back
  return { since: at, dueAt, throttles: false, entries: new Map() };
}
