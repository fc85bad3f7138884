import {
  type Alert,
  type AlertKey,
  type AlertsState,
  type EndedAlert,
  type OpenAlert,
  findAlert,
} from '../model/alerts.state';
import { compareLevels } from '../model/levels';
import type { Channel } from './channel-route';

type AnyAlert = OpenAlert | EndedAlert | Alert;

interface Item {
  readonly key: AlertKey;
  readonly channel: string;
  /** An alert that was never open: the state does not have it. */
  readonly oneOff: Alert | undefined;
}

/** The alerts and channels to be looked at: each once, whatever there is to look for. */
export class Agenda {
  private items = new Map<string, Item>();

  constructor(private readonly channels: readonly Channel[]) {}

  /** Puts an alert on it, for one channel or for all. */
  add(alert: AnyAlert | undefined, channel?: string): void {
    if (alert === undefined) return;
    const key = { alertId: alert.id, fingerprint: alert.fingerprint };
    const oneOff = alert.status === 'one_off' ? alert : undefined;
    for (const { name } of this.channels) {
      if (channel === undefined || channel === name)
        this.items.set(`${alert.id} ${name}`, { key, channel: name, oneOff });
    }
  }

  /** Empties it: ended alerts first, as they ended; then the open ones, the worst first, of equal ones the one raised first. */
  take(state: Readonly<AlertsState>): readonly { readonly alert: AnyAlert; readonly channel: Channel }[] {
    const looks = [...this.items.values()].flatMap(({ key, channel: name, oneOff }) => {
      const alert = oneOff ?? findAlert(state, key.fingerprint, key.alertId);
      const channel = this.channels.find((one) => one.name === name);
      return alert === undefined || channel === undefined ? [] : [{ alert, channel }];
    });
    this.items = new Map();
    const position = new Map(this.channels.map(({ name }, index) => [name, index]));
    return looks.sort(
      (a, b) =>
        compareAlerts(a.alert, b.alert) ||
        (position.get(a.channel.name) ?? 0) - (position.get(b.channel.name) ?? 0),
    );
  }
}

function compareAlerts(a: AnyAlert, b: AnyAlert): number {
  const [isEndedA, isEndedB] = [a.status !== 'open', b.status !== 'open'];
  if (isEndedA !== isEndedB) return isEndedA ? -1 : 1;

  if (isEndedA) return ('endOrder' in a ? a.endOrder : a.order) - ('endOrder' in b ? b.endOrder : b.order);
  return compareLevels(b.level, a.level) || a.order - b.order;
}
