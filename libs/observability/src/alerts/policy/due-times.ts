import type { AlertEvent, EpochMs, FactOf } from '@opensqt/trading-events';
import { BinaryHeap } from '../delivery/binary-heap';
import { type AlertKey, type AlertsState, findAlert } from '../model/alerts.state';
import { turnOf } from './stages/muting';
import { flappingAt, isAhead, lastFlapping, repeatAt } from './stages/pace';
import { ALERTING_FAILING, WORKS_AGAIN_MS } from './failing';
import type { PolicySettings } from './policy-settings';

/** Something that falls due by itself. */
export type DueWhat =
  | { readonly what: 'escalation'; readonly fingerprint: string }
  | { readonly what: 'silence'; readonly silenceId: string }
  | { readonly what: 'stability'; readonly fingerprint: string }
  | { readonly what: 'recovery'; readonly fingerprint: string }
  | { readonly what: 'digest'; readonly channel: string }
  | {
      readonly what: 'look';
      readonly fingerprint: string;
      readonly alertId: string;
      readonly channel: string;
    };

interface Entry {
  readonly key: string;
  readonly at: EpochMs;
  readonly due: DueWhat;
}

interface Pair extends AlertKey {
  readonly channel: string;
}

/** Superseded entries that the heap may hold for each one that counts. */
const MAX_STALE = 4;

/**
 * The times at which something falls due by itself: one per key, popped in order. They follow from the state: {@link rebuild} makes them
 * anew, {@link follow} keeps them in step with an event.
 */
export class DueTimes {
  private times = new Map<string, Entry>();
  private heap = newHeap();

  /** @param channels the names of those in use */
  constructor(
    private readonly settings: PolicySettings,
    private readonly channels: readonly string[],
  ) {}

  /** The time at which the next one is due; Infinity when nothing is. */
  next(): EpochMs {
    return this.peek()?.at ?? Infinity;
  }

  /** Takes all that is due by then, the earliest first. */
  pop(now: EpochMs): readonly { readonly due: DueWhat; readonly at: EpochMs }[] {
    const popped: { readonly due: DueWhat; readonly at: EpochMs }[] = [];
    for (let entry = this.peek(); entry !== undefined && entry.at <= now; entry = this.peek()) {
      this.heap.pop();
      this.times.delete(entry.key);
      popped.push(entry);
    }
    return popped;
  }

  /** Sets when something is due; undefined for never. */
  set(due: DueWhat, at: EpochMs | undefined): void {
    const key = keyOf(due);
    if (at === undefined || !Number.isFinite(at)) {
      this.times.delete(key);
      return;
    }
    if (this.times.get(key)?.at === at) return;
    const entry = { key, at, due };
    this.times.set(key, entry);
    this.heap.push(entry);
    if (this.heap.size > MAX_STALE * this.times.size + 100) this.compact();
  }

  /**
   * Makes all of it anew.
   *
   * @param now judges what was timed by a clock that has been set back since
   */
  rebuild(state: Readonly<AlertsState>, now: EpochMs): void {
    this.times = new Map();
    this.heap = newHeap();
    for (const fingerprint of state.open.keys()) this.ofAlert(state, fingerprint, now);
    for (const silenceId of state.silences.keys()) this.ofSilence(state, silenceId, now);
    for (const channel of state.digests.keys()) this.ofDigest(state, channel, now);
    for (const [fingerprint, alerts] of state.ended) {
      for (const { id, owed } of alerts)
        for (const channel of owed) this.ofChannel(state, { fingerprint, alertId: id, channel }, now);
    }
    for (const [fingerprint, { id }] of state.open) {
      const { notified, holds } = state.notifications.get(id) ?? { notified: new Map(), holds: new Map() };
      for (const channel of new Set([...notified.keys(), ...holds.keys()]))
        this.ofChannel(state, { fingerprint, alertId: id, channel }, now);
    }
  }

  /** Takes in an event that was folded into the state. */
  follow(state: Readonly<AlertsState>, event: FactOf<AlertEvent['type']>): void {
    const now = event.occurredAt;
    switch (event.type) {
      case 'alert.raised':
      case 'alert.escalated':
        this.ofAlert(state, event.data.fingerprint, now);
        return;
      case 'alert.suppressed': {
        const { fingerprint, alertId, channel } = event.data;
        if (channel === undefined) this.ofAlert(state, fingerprint, now);
        else {
          this.ofChannel(state, { fingerprint, alertId, channel }, now);
          this.ofDigest(state, channel, now);
        }
        return;
      }
      case 'alert.resolved': {
        const { fingerprint, alertId } = event.data;
        this.ofAlert(state, fingerprint, now);
        for (const channel of state.digests.keys()) this.ofDigest(state, channel, now);
        for (const channel of this.channels)
          this.set({ what: 'look', fingerprint, alertId, channel }, undefined);
        return;
      }
      case 'silence.created':
      case 'silence.expired':
        this.ofSilence(state, event.data.silenceId, now);
        return;
      case 'delivery.requested': {
        const { kind, channel, fingerprint, alertId } = event.data;
        if (kind === 'digest') this.ofCovered(state, event.data.deliveryId, channel, now);
        else if (kind !== 'summary' && kind !== 'test')
          this.ofChannel(state, { fingerprint, alertId, channel }, now);
        this.ofDigest(state, channel, now);
        return;
      }
      case 'alert.acknowledged':
      case 'summary.closed':
      case 'channel.tested':
      case 'incident.planned':
      case 'delivery.started':
      case 'delivery.succeeded':
      case 'delivery.failed':
      case 'delivery.abandoned':
        return;
    }
  }

  private ofAlert(state: Readonly<AlertsState>, fingerprint: string, now: EpochMs): void {
    const alert = state.open.get(fingerprint);
    const { escalatesAt, since = 0 } = alert ?? {};
    const changes = state.changes.get(fingerprint) ?? [];
    const stableAt = (): EpochMs =>
      (flappingAt(changes, now, this.settings) ?? lastFlapping(changes, this.settings))?.end ?? now;
    const heldFrom = Math.max(since, changes.at(-1)?.at ?? since); // while it flaps, it waits anew each time
    const wasSetBack = heldFrom > now;
    this.set(
      { what: 'escalation', fingerprint },
      wasSetBack && escalatesAt !== undefined ? now : escalatesAt,
    );

    this.set({ what: 'stability', fingerprint }, alert?.holds === false ? stableAt() : undefined);
    if (alert?.condition === ALERTING_FAILING)
      this.set({ what: 'recovery', fingerprint }, Math.min(alert.updatedAt, now) + WORKS_AGAIN_MS);
  }

  private ofSilence(state: Readonly<AlertsState>, silenceId: string, now: EpochMs): void {
    const silence = state.silences.get(silenceId);
    this.set({ what: 'silence', silenceId }, silence && turnOf(silence, now));
  }

  private ofDigest(state: Readonly<AlertsState>, channel: string, now: EpochMs): void {
    const digest = state.digests.get(channel);
    const wasSetBack = digest !== undefined && digest.since > now;
    this.set({ what: 'digest', channel }, wasSetBack ? now : digest?.dueAt);
  }

  private ofChannel(state: Readonly<AlertsState>, subject: Pair, now: EpochMs): void {
    const { fingerprint, alertId, channel } = subject;
    const alert = findAlert(state, fingerprint, alertId);
    const known = state.notifications.get(alertId);
    const hold = known?.holds.get(channel);
    const notified = known?.notified.get(channel);
    const look = { what: 'look', fingerprint, alertId, channel } as const;
    if (alert === undefined) this.set(look, undefined);
    else if (hold !== undefined) {
      const wasSetBack = hold.since > now && hold.until !== undefined;
      this.set(look, hold.reason === 'throttled' ? undefined : wasSetBack ? now : hold.until);
    } else if ('owed' in alert || notified === undefined) this.set(look, undefined);
    else this.set(look, isAhead(notified, now) ? now : repeatAt(notified, now, this.settings));
  }

  private ofCovered(state: Readonly<AlertsState>, deliveryId: string, channel: string, now: EpochMs): void {
    for (const key of state.pending.get(deliveryId)?.covers ?? [])
      this.ofChannel(state, { ...key, channel }, now);
  }

  private peek(): Entry | undefined {
    for (;;) {
      const first = this.heap.peek();
      if (first === undefined || this.times.get(first.key) === first) return first;
      this.heap.pop();
    }
  }

  private compact(): void {
    this.heap = newHeap();
    for (const entry of this.times.values()) this.heap.push(entry);
  }
}

function newHeap(): BinaryHeap<Entry> {
  return new BinaryHeap<Entry>((a, b) => a.at < b.at || (a.at === b.at && a.key < b.key));
}

function keyOf(due: DueWhat): string {
  switch (due.what) {
    case 'escalation':
    case 'stability':
    case 'recovery':
      return `${due.what} ${due.fingerprint}`;
    case 'silence':
      return `${due.what} ${due.silenceId}`;
    case 'digest':
      return `${due.what} ${due.channel}`;
    case 'look':
      return `${due.what} ${due.alertId} ${due.channel}`;
  }
}
