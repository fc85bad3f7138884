import type { EpochMs } from '@opensqt/trading-events';
import type { Alert, AlertsState, Incident, IncidentEnd } from './alerts.state';

/** An alert that follows this long after an incident was over (ms) still belongs to it. */
export const INCIDENT_WINDOW_MS = 15 * 60_000;

/** Lines of a story that are kept: its beginning, and the latest. */
const STORY_BEGINNING = 2;
const STORY_LENGTH = 12;
/** Ends of alerts that are kept of an incident. */
const ENDS_KEPT = 50;
/** Incidents that are kept, unless more of them are open. */
const MAX_INCIDENTS = 5_000;
/** Incidents that are looked at for being over, each time that one changes. */
const LOOKED_AT = 4;

type Incidents = Pick<AlertsState, 'incidents' | 'open' | 'ids' | 'history'>;

/** An alert was raised that is part of an incident. The first time, that one's first alert begins the story. */
export function join(state: Incidents, alert: Alert, at: EpochMs): void {
  if (alert.incidentId === undefined) return;
  const incident = state.incidents.get(alert.incidentId) ?? begun(state, alert.incidentId);
  if (incident === undefined) return;
  const open = new Map(incident.open);
  if (alert.status === 'open') open.set(alert.id, alert.fingerprint);
  const endedAt = open.size === 0 ? at : undefined;
  state.incidents.set(alert.incidentId, { ...withLine(incident, alert.title, at), open, endedAt });
  forgetOver(state, at);
}

/** An alert of an incident became more severe. */
export function goOn(state: Incidents, { id, incidentId = id }: Alert, title: string, at: EpochMs): void {
  const incident = state.incidents.get(incidentId);
  if (incident !== undefined) state.incidents.set(incidentId, withLine(incident, title, at));
}

/** An alert of an incident is over. */
export function leave(state: Incidents, alert: Alert, title: string, at: EpochMs): void {
  const { id, incidentId = id } = alert;
  const incident = state.incidents.get(incidentId);
  if (incident === undefined) return;
  const open = new Map(incident.open);
  open.delete(id);
  const endedAt = open.size === 0 ? at : undefined;

  const ends = [...incident.ends, endOf({ ...alert, resolvedAt: at })].slice(-ENDS_KEPT);
  state.incidents.set(incidentId, { ...withLine(incident, title, at), open, endedAt, ends });
}

/** The story as one line: `03:12:07 Exchange disconnected: paper → 03:12:37 Risk limit exceeded: …`. */
export function storyOf(
  { story, leftOut }: Pick<Incident, 'story' | 'leftOut'>,
  clockTime: (time: EpochMs) => string = utcTime,
): string {
  const lines = story.map(({ at, title }) => `${clockTime(at)} ${title}`);
  if (leftOut > 0) lines.splice(STORY_BEGINNING, 0, `… ${leftOut} more`);
  return lines.join(' → ');
}

/** An incident of one alert, as it is before that has led to another one; undefined when nobody knows the alert any more. */
export function begun(
  { open, ids, history }: Omit<Incidents, 'incidents'>,
  id: string,
): Incident | undefined {
  const first = open.get(ids.get(id) ?? '') ?? history.findLast((alert) => alert.id === id);
  if (first === undefined) return undefined;
  return {
    since: first.since,
    open: new Map(first.status === 'open' ? [[first.id, first.fingerprint]] : []),
    story: [{ at: first.since, title: first.title }],
    leftOut: 0,
    endedAt: first.resolvedAt,
    ends: first.status === 'resolved' ? [endOf(first)] : [],
  };
}

/** Adds a line to the story, and leaves out the middle of a long one. */
export function withLine(incident: Incident, title: string, at: EpochMs): Incident {
  const story = [...incident.story, { at, title }];
  if (story.length <= STORY_LENGTH) return { ...incident, story };
  story.splice(STORY_BEGINNING, 1);
  return { ...incident, story, leftOut: incident.leftOut + 1 };
}

function endOf({ fingerprint, level, resolvedAt = 0, knownBy = [] }: Alert): IncidentEnd {
  return { at: resolvedAt, fingerprint, level, knownBy };
}

function utcTime(time: EpochMs): string {
  return new Date(time).toISOString().slice(11, 19);
}

/** Looks at a few each time, in turn: all of them would be many. */
function forgetOver({ incidents }: Incidents, now: EpochMs): void {
  const entries = incidents.entries();
  for (let looked = 0; looked < LOOKED_AT; looked++) {
    const { value, done } = entries.next();
    if (done === true) return;
    const [id, incident] = value;
    incidents.delete(id);
    const isOld = now - (incident.endedAt ?? now) > INCIDENT_WINDOW_MS || incidents.size >= MAX_INCIDENTS;
    if (incident.endedAt === undefined || !isOld) incidents.set(id, incident);
  }
}
