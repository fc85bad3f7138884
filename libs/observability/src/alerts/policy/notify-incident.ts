import { type AlertEvent, type EpochMs, formatDuration } from '@opensqt/trading-events';
import type { AlertText } from '../rules/alert-rule';
import type { AlertsState, Incident, OpenAlert } from '../model/alerts.state';
import { type Cause, noticeOf } from '../model/cause';
import type { DecisionContext } from './decision-context';
import { incidentOf, isNotified, openAlertsOf } from './incident';
import { begun, storyOf, withLine } from './incident-story';
import { LOG_CHANNEL, compareLevels, route } from './route';
import { silenceOf } from './silence';
import { request, suppress } from './notify';

/** The field of a message that has the story. */
const INCIDENT = 'Incident';

/** The text about a new alert, with what happened before in the incident that it is part of. */
export function withStoryBefore(
  state: Readonly<AlertsState>,
  words: AlertText,
  incidentId: string | undefined,
): AlertText {
  if (incidentId === undefined) return words;
  return withStory(state.incidents.get(incidentId) ?? begun(state, incidentId), words);
}

/** The text about an open alert, with what has happened in its incident, where it is part of one. */
export function withStoryOf(state: Readonly<AlertsState>, alert: OpenAlert, words: AlertText): AlertText {
  return withStory(state.incidents.get(incidentOf(alert)), words);
}

function withStory(incident: Incident | undefined, words: AlertText): AlertText {
  if (incident === undefined) return words;
  return { ...words, fields: { ...words.fields, [INCIDENT]: storyOf(incident) } };
}

/** The text about the end of an alert: what of its incident is still open, or that all of it is over. */
export function withEnd(
  state: Readonly<AlertsState>,
  words: AlertText,
  alert: OpenAlert,
  now: EpochMs,
): AlertText {
  const incident = state.incidents.get(incidentOf(alert));
  if (incident === undefined) return words;
  const rest = openAlertsOf(state, incidentOf(alert)).filter(({ id }) => id !== alert.id);
  const lasted = formatDuration(Math.max(0, now - incident.since));
  const how =
    rest.length === 0
      ? `over after ${lasted}: ${storyOf(withLine(incident, words.title, now))}`
      : `still open: ${rest.map(({ title }) => title).join('; ')}`;
  return { ...words, fields: { ...words.fields, [INCIDENT]: how } };
}

/**
 * An alert that stood for others of its incident on a channel is over, and they are not: the loudest is sent now, so that nobody
 * believes that all is well.
 */
export function notifyOfRest(
  state: Readonly<AlertsState>,
  over: OpenAlert,
  cause: Cause,
  context: DecisionContext,
): AlertEvent[] {
  const rest = openAlertsOf(state, incidentOf(over)).filter(({ id }) => id !== over.id);
  const loudest = [...rest].sort((a, b) => compareLevels(b.level, a.level))[0];
  if (loudest === undefined) return [];
  const now = cause.occurredAt;
  const silenced = silenceOf(state.silences.values(), loudest, now) !== undefined;
  const routes = context.routes.filter(
    ({ name }) =>
      name !== LOG_CHANNEL &&
      isNotified(state, over, name) &&
      !rest.some((alert) => isNotified(state, alert, name)),
  );
  const words = withStoryOf(state, loudest, { ...loudest, title: `Still open: ${loudest.title}` });
  const notice = noticeOf(loudest.level, words, cause);
  return route(routes, { ...loudest, silenced, now }).map((verdict) =>
    verdict.notified
      ? request(loudest, verdict.channel, 'raised', notice, cause, context)
      : suppress(loudest, verdict.reason, loudest.level, cause, verdict),
  );
}
