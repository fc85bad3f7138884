import type { AlertChannel, AlertNotification } from '../../channels/channel';
import type { AlertsState, OpenAlert } from '../model/alerts.state';
import type { RunbookLinks } from '../model/runbook';

/** The dependencies of {@link keepRefreshed}. */
export interface RefreshContext {
  readonly state: () => Readonly<AlertsState>;
  readonly runbooks: RunbookLinks;
  readonly timeZone: string;
  /** Aborts when the process stops sending. */
  readonly stopping: AbortSignal;
  /** Called with what a channel threw. */
  readonly onFailure: (error: unknown) => void;
}

/** Lets a channel that forgets open alerts otherwise send them again, at once and then each interval, until the process stops sending. */
export function keepRefreshed(channel: AlertChannel, context: RefreshContext): void {
  const { refreshEveryMs } = channel;
  if (refreshEveryMs === undefined || channel.refresh === undefined) return;
  const { stopping, onFailure } = context;
  let timer: NodeJS.Timeout | undefined;
  const refresh = async (): Promise<void> => {
    const open = knownAlerts(context.state(), channel.name, context);
    try {
      if (open.length > 0) await channel.refresh?.(open, stopping);
    } catch (error) {
      if (!stopping.aborted) onFailure(error);
    }
    if (!stopping.aborted) timer = setTimeout(() => void refresh(), refreshEveryMs).unref();
  };
  stopping.addEventListener('abort', () => clearTimeout(timer), { once: true });
  void refresh();
}

/** The open alerts that a channel was notified of one by one, at the level that it knows. */
export function knownAlerts(
  { open, notifications }: Readonly<AlertsState>,
  channel: string,
  context: Pick<RefreshContext, 'runbooks' | 'timeZone'>,
): readonly AlertNotification[] {
  return [...open.values()].flatMap((alert) => {
    const known = notifications.get(alert.id)?.notified.get(channel);
    if (known === undefined || known.onlyDigests === true) return [];
    if (known.outcome !== 'delivered' && known.mayHaveArrived !== true) return [];
    return [{ ...notificationOf(alert, context), level: known.level }];
  });
}

function notificationOf(
  alert: OpenAlert,
  { runbooks, timeZone }: Pick<RefreshContext, 'runbooks' | 'timeZone'>,
): AlertNotification {
  const { id, fingerprint, condition, labels, level, title, message, fields, since, incidentId } = alert;
  const runbookUrl = runbooks(condition);
  return {
    alertId: id,
    fingerprint,
    condition,
    labels,
    kind: 'repeated',
    level,
    title,
    message,
    fields,
    timestamp: new Date(since),
    possibleDuplicate: false,
    timeZone,
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(runbookUrl === undefined ? {} : { runbookUrl }),
  };
}
