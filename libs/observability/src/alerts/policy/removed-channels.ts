import { type AlertEvent, derivedId } from '@opensqt/trading-events';
import { type AlertsState, findAlert } from '../model/alerts.state';
import { holdFact } from './messages/messages';
import type { PolicyContext } from './settings';

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
