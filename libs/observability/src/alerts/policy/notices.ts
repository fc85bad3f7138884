import { type AlertNotice, type EpochMs, type NoticeKind, AlertLevel } from '@opensqt/trading-events';
import { localTime } from '../../summary/daily-time';
import {
  type Alert,
  type AlertsState,
  type Digest,
  type DigestEntry,
  type EndedAlert,
  type OpenAlert,
  findAlert,
} from '../model/alert-state';
import { begun, storyOf, withLine } from '../model/incident-fold';
import { compareLevels, louder } from '../model/levels';
import { durationInWords } from '../model/words';
import type { AlertWords } from '../rules/alert-rule';
import type { Failure, PolicyContext } from './settings';
import type { Channel } from './channel-route';

const INCIDENT = 'Incident';
/** Subjects that a digest names one by one. */
const NAMED = 10;
/** Of a message that a digest quotes. */
const QUOTED = 160;

/** Words about a new alert, with what happened before in the incident that it is part of. */
export function raiseWords(
  state: Readonly<AlertsState>,
  { title, message, fields }: AlertWords,
  incidentId: string | undefined,
  context: PolicyContext,
): AlertWords {
  const words = { title, message, fields };
  if (incidentId === undefined) return words;
  const story = state.incidents.get(incidentId) ?? begun(state, incidentId);
  return story === undefined ? words : withField(words, INCIDENT, storyOf(story, clockTime(context)));
}

/** Words about an alert that became more severe: whose acknowledgement ends, and what was said at first. */
export function escalationWords(
  state: Readonly<AlertsState>,
  open: OpenAlert,
  { title, message, fields }: AlertWords,
  context: PolicyContext,
): AlertWords {
  const story = state.incidents.get(open.incidentId ?? open.id);
  const { acknowledgedBy } = open;
  return withFields(
    { title, message, fields },
    story === undefined ? {} : { [INCIDENT]: storyOf(story, clockTime(context)) },
    acknowledgedBy === undefined
      ? {}
      : { Acknowledged: `by ${acknowledgedBy}, before it became more severe` },
    atFirst(open, message),
  );
}

/** Words about the end of an alert: how long it lasted, what was said at first, and what of its incident is still open. */
export function endWords(
  state: Readonly<AlertsState>,
  open: OpenAlert,
  { title, message, fields }: AlertWords,
  now: EpochMs,
  context: PolicyContext,
): AlertWords {
  const lasted = { Lasted: durationInWords(Math.max(0, now - open.since)) };
  const words = withFields({ title, message, fields }, lasted, atFirst(open, message));
  const story = state.incidents.get(open.incidentId ?? open.id);
  if (story === undefined) return words;
  const rest = [...story.open.values()]
    .map((fingerprint) => state.open.get(fingerprint))
    .filter((alert) => alert !== undefined && alert.id !== open.id);
  const over = durationInWords(Math.max(0, now - story.since));
  const how =
    rest.length === 0
      ? `over after ${over}: ${storyOf(withLine(story, title, now), clockTime(context))}`
      : `still open: ${rest.map((alert) => alert?.title).join('; ')}`;
  return withField(words, INCIDENT, how);
}

/** Words about an alert that was not resolved in time, as its rule puts them. */
export function persistenceWords(open: OpenAlert, context: PolicyContext, failures: Failure[]): AlertWords {
  const rule = context.rules.find(({ condition }) => condition === open.condition);
  try {
    return rule?.persists?.(open, context.now) ?? open;
  } catch (error) {
    failures.push({ part: open.condition, error });
    return open;
  }
}

/** The message of that kind about the alert, to that channel. */
export function noticeFor(
  alert: OpenAlert | EndedAlert | Alert,
  kind: NoticeKind,
  channel: Channel,
  state: Readonly<AlertsState>,
  context: PolicyContext,
): AlertNotice {
  const { now } = context;
  if ('notice' in alert) return alert.notice;
  const { level, title, message, fields, acknowledgedBy, since } = alert;
  const at = kind === 'raised' && alert.status === 'open' ? since : now;
  const by = acknowledgedBy === undefined ? {} : { Acknowledged: `by ${acknowledgedBy}` };
  const words = withFields({ title, message, fields }, by);
  const notice = (changed: Partial<AlertWords>): AlertNotice => ({
    level,
    ...words,
    ...changed,
    timestamp: at,
  });
  switch (kind) {
    case 'acknowledged':
      return notice({ message: `${acknowledgedBy ?? 'Somebody'} looks after it.` });
    case 'flapping': {
      const { changes, windowMs, stableForMs } = {
        ...context.settings.flapping,
        changes: recent(alert, state, context),
      };
      return notice({
        title: `Flapping: ${title}`,
        message:
          `It began or ended ${changes} times within ${durationInWords(windowMs)}. You are notified again when it gets worse, ` +
          `or when it was stable for ${durationInWords(stableForMs)}. Last: ${message}`,
      });
    }
    case 'repeated':
      return notice({
        fields: { ...words.fields, Open: durationInWords(now - since) },
      });
    case 'resolved':
      return notice({ title: `Over for the moment: ${title}` });
    case 'raised':
      return channel.unacknowledgedAfter === undefined
        ? notice({})
        : notice({
            title: `Unacknowledged for ${durationInWords(channel.unacknowledgedAfter)}: ${title}`,
          });
    default:
      return notice({});
  }
}

/** What a digest says: the worst by name, the others by number. */
export function digestNotice(
  state: Readonly<AlertsState>,
  { since, entries }: Digest,
  { now }: PolicyContext,
): { readonly notice: AlertNotice; readonly named: readonly string[]; readonly others: number } {
  const subjects = [...entries]
    .map(([fingerprint, entry]) => ({ fingerprint, entry, worst: worstOf(state, fingerprint, entry) }))
    .sort((a, b) => compareWorst(a.worst, b.worst));
  const named = subjects.slice(0, NAMED);
  const others = subjects.length - named.length;
  const lines = named.map(({ entry: { held, passed }, worst }) => {
    const times = passed !== undefined && passed.count > 1 ? `, ${passed.count} times` : '';
    const over = passed === undefined || held.length > 0 ? '' : ` (over${times})`;
    return `${worst?.level ?? ''} ${worst?.title ?? ''}${over}: ${shortened(worst?.message ?? '')}`;
  });
  if (others > 0) lines.push(`and ${others} more, which are in the log.`);
  const count = `${subjects.length} ${subjects.length === 1 ? 'alert' : 'alerts'}`;
  return {
    notice: {
      level: subjects.reduce<AlertLevel>(
        (level, { worst }) => louder(level, worst?.level ?? level),
        AlertLevel.Info,
      ),
      title: `${count} within ${durationInWords(Math.max(0, now - since))}`,
      message: lines.join('\n'),
      timestamp: now,
      fields: {},
    },
    named: named.map(({ fingerprint }) => fingerprint),
    others,
  };
}

function worstOf(
  state: Readonly<AlertsState>,
  fingerprint: string,
  { held, passed }: DigestEntry,
): Alert | undefined {
  const alerts = held.map((alertId) => findAlert(state, fingerprint, alertId));
  const [worst] = [...alerts, passed?.worst].filter((alert) => alert !== undefined).sort(compareWorst);
  return worst;
}

function compareWorst(a: Alert | undefined, b: Alert | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return compareLevels(b.level, a.level) || a.order - b.order;
}

function recent(
  { fingerprint }: Alert,
  { changes }: Readonly<AlertsState>,
  { now, settings }: PolicyContext,
): number {
  return (changes.get(fingerprint) ?? []).filter(({ at }) => now - at < settings.flapping.windowMs).length;
}

function atFirst({ firstMessage }: OpenAlert, message: string): Readonly<Record<string, string>> {
  return firstMessage === message ? {} : { 'At first': firstMessage };
}

function withField(words: AlertWords, name: string, value: string): AlertWords {
  return withFields(words, { [name]: value });
}

function withFields(
  { title, message, fields }: AlertWords,
  ...more: readonly Readonly<Record<string, string>>[]
): AlertWords {
  return { title, message, fields: Object.assign({}, fields, ...more) as Record<string, string> };
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= QUOTED ? line : `${line.slice(0, QUOTED - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function clockTime({ settings: { timeZone } }: PolicyContext): (time: EpochMs) => string {
  return (time) => new Date(localTime(time, timeZone)).toISOString().slice(11, 19);
}
