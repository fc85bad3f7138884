import { type AlertEvent, derivedId } from '@opensqt/trading-events';
import { type AlertsState, findAlert } from '../model/alerts.state';
import { resolveFacts } from './facts';
import { holdFact } from './messages/messages';
import type { Failure, PolicyContext } from './settings';
import { CHANNEL_BROKEN } from './stages/routing';

/** Forgets what is kept for channels that are not in use any more. */
export function removedFacts(
  state: Readonly<AlertsState>,
  { channels, now }: PolicyContext,
): readonly AlertEvent[] {
  const inUse = new Set(channels.map(({ name }) => name));
  const facts: AlertEvent[] = [];
  const remove = (alert: Parameters<typeof holdFact>[0], channel: string): void => {
    const cause = { id: derivedId('removed', channel, alert.id, String(now)), occurredAt: now };
    facts.push(holdFact(alert, { name: channel }, { reason: 'channel_removed' }, cause));
  };
  for (const alert of [...state.open.values(), ...[...state.ended.values()].flat()]) {
    const { notified, holds } = state.notifications.get(alert.id) ?? {
      notified: new Map(),
      holds: new Map(),
    };
    for (const channel of new Set([...notified.keys(), ...holds.keys()]))
      if (!inUse.has(channel)) remove(alert, channel);
  }
  for (const [channel, { entries }] of state.digests) {
    if (inUse.has(channel)) continue;
    for (const [fingerprint, { passed, held }] of entries) {
      const isCovered = held.some((alertId) => findAlert(state, fingerprint, alertId) !== undefined);
      if (passed !== undefined && !isCovered) remove({ ...passed.worst, id: passed.alertId }, channel);
    }
  }
  return facts;
}

/** Ends what says of channels that are not in use any more that they cannot deliver: no delivery will end it. */
export function repairedByRemoval(
  state: Readonly<AlertsState>,
  context: PolicyContext,
  failures: Failure[],
): readonly AlertEvent[] {
  const { channels, now } = context;
  return [...state.open.values()].flatMap(({ id, condition, fingerprint, labels, fields }) => {
    const { channel } = labels;
    const isInUse = channel === undefined || channels.some(({ name }) => name === channel);
    if (condition !== CHANNEL_BROKEN || isInUse) return [];
    const words = {
      title: `Alert channel removed: ${channel}`,
      message: `${channel} is not configured any more. What it could not deliver stands in the log as dead letters.`,
      fields,
    };
    const cause = { id: derivedId('removed', channel, id, String(now)), occurredAt: now };
    const end = { words, reason: 'channel removed', isFinal: true } as const;
    return resolveFacts(state, fingerprint, end, cause, context, failures);
  });
}
