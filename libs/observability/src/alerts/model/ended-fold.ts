import type { AlertsState } from './alerts.state';

/** A channel is notified of an alert's end, or never will be. */
export function settleEnd(
  state: AlertsState,
  { fingerprint, alertId }: { readonly fingerprint: string; readonly alertId: string },
  channel: string,
): void {
  const known = state.notifications.get(alertId);
  known?.holds.delete(channel);
  const ended = state.ended.get(fingerprint) ?? [];
  const left = ended
    .map((alert) =>
      alert.id === alertId
        ? { ...alert, owed: new Set([...alert.owed].filter((owed) => owed !== channel)) }
        : alert,
    )
    .filter(({ owed }) => owed.size > 0);
  if (left.length > 0) state.ended.set(fingerprint, left);
  else state.ended.delete(fingerprint);
  const isOwed = left.some(({ id }) => id === alertId);
  if (!isOwed && known?.pending === 0 && state.open.get(fingerprint)?.id !== alertId) {
    state.notifications.delete(alertId);
  }
}
