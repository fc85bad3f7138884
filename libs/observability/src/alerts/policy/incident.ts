import { AlertLevel, type EpochMs, type NoticeKind, derivedId } from '@opensqt/trading-events';
import type { AlertRule } from '../rules/alert-rule';
import type { Alert, AlertsState, OpenAlert } from '../model/alerts.state';
import { INCIDENT_WINDOW_MS } from './incident-story';
import { LOG_CHANNEL, compareLevels } from './route';

/**
 * The incident that something belongs to which an event led to: that of the alert which the same event, or what it led to, has
 * raised. Undefined when it raised none, or all of that is over for too long.
 *
 * An alert's id follows from its condition and the event that raised it, so it is known without looking at any event.
 */
export function incidentCausedBy(
  state: Readonly<AlertsState>,
  causationId: string | undefined,
  rules: readonly Pick<AlertRule, 'condition'>[],
  now: EpochMs,
): string | undefined {
  if (causationId === undefined) return undefined;
  const ids = new Set(rules.map(({ condition }) => derivedId('alert', condition, causationId)));
  for (const alert of state.open.values()) if (ids.has(alert.id)) return incidentOf(alert);
  const ended = state.history.findLast(({ id, status }) => ids.has(id) && status === 'resolved');
  if (ended === undefined) return undefined;
  const id = incidentOf(ended);
  const incident = state.incidents.get(id);
  const endedAt = incident === undefined ? ended.resolvedAt : incident.endedAt;
  return endedAt === undefined || now - endedAt <= INCIDENT_WINDOW_MS ? id : undefined;
}

/** The id of an alert's incident: that of its first alert. */
export function incidentOf({ id, incidentId }: Pick<Alert, 'id' | 'incidentId'>): string {
  return incidentId ?? id;
}

/** The open alerts of an incident. */
export function openAlertsOf(state: Readonly<AlertsState>, incidentId: string): readonly OpenAlert[] {
  const incident = state.incidents.get(incidentId);
  if (incident === undefined) return [...state.open.values()].filter(({ id }) => id === incidentId);
  return [...incident.open.values()]
    .map((fingerprint) => state.open.get(fingerprint))
    .filter((alert) => alert !== undefined);
}

/**
 * True when a message is part of a story that the channel has already: another alert of the incident is open there, and is as
 * loud. CRITICAL is never held back, and the log gets everything.
 */
export function isFolded(
  state: Readonly<AlertsState>,
  subject: Pick<Alert, 'id' | 'incidentId'>,
  channel: string,
  level: AlertLevel,
  kind: NoticeKind,
): boolean {
  if (level === AlertLevel.Critical || channel === LOG_CHANNEL) return false;
  if (subject.incidentId === undefined && !state.incidents.has(subject.id)) return false; // it stands alone
  if (kind === 'repeated' && isNotified(state, subject, channel)) return false;
  return openAlertsOf(state, incidentOf(subject)).some(
    (other) =>
      other.id !== subject.id && isNotified(state, other, channel) && compareLevels(other.level, level) >= 0,
  );
}

/** True when the alert was sent to a channel, or is on its way there. */
export function isNotified(
  { triggers }: Readonly<AlertsState>,
  { id }: Pick<Alert, 'id'>,
  channel: string,
): boolean {
  const outcome = triggers.get(id)?.outcomes.get(channel);
  return outcome !== undefined && outcome !== 'abandoned';
}
