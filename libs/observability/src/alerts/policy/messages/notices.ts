import {
  type AlertNotice,
  type EpochMs,
  type NoticeKind,
  AlertLevel,
  formatDuration,
} from '@opensqt/trading-events';
import { withoutCommands } from '../../../format/format';
import { localTime } from '../../../summary/daily-time';
import {
  type Alert,
  type AlertsState,
  type Digest,
  type DigestEntry,
  type EndedAlert,
  type OpenAlert,
  findAlert,
  textOf,
} from '../../model/alerts.state';
import { begun, storyOf, withLine } from '../../model/incident-fold';
import { compareLevels, louder } from '../../model/levels';
import type { AlertText } from '../../rules/alert-rule';
import { checkedText } from '../../rules/checked-verdict';
import type { Failure, PolicyContext } from '../settings';
import type { Channel } from '../channel-route';

const INCIDENT = 'Incident';
/** Subjects that a digest names one by one. */
const NAMED = 10;
/** Of a message that a digest quotes. */
const QUOTED = 160;

/** Words about a new alert, with what happened before in the incident that it is part of. */
export function raiseWords(
  state: Readonly<AlertsState>,
  { title, message, fields }: AlertText,
  incidentId: string | undefined,
  context: PolicyContext,
): AlertText {
  const words = { title, message, fields };
  if (incidentId === undefined) return words;
  const story = state.incidents.get(incidentId) ?? begun(state, incidentId);
  return story === undefined ? words : withField(words, INCIDENT, storyOf(story, clockTime(context)));
}

/** Words about an alert that became more severe: whose acknowledgement ends, and what was said at first. */
export function escalationWords(
  state: Readonly<AlertsState>,
  open: OpenAlert,
  { title, message, fields }: AlertText,
  context: PolicyContext,
): AlertText {
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
  { title, message, fields }: AlertText,
  now: EpochMs,
  context: PolicyContext,
): AlertText {
  const lasted = { Lasted: formatDuration(Math.max(0, now - open.since)) };
  const words = withFields({ title, message, fields }, lasted, atFirst(open, message));
  const story = state.incidents.get(open.incidentId ?? open.id);
  if (story === undefined) return words;
  const rest = [...story.open.values()]
    .map((fingerprint) => state.open.get(fingerprint))
    .filter((alert) => alert !== undefined && alert.id !== open.id);
  const over = formatDuration(Math.max(0, now - story.since));
  const how =
    rest.length === 0
      ? `over after ${over}: ${storyOf(withLine(story, title, now), clockTime(context))}`
      : `open at ${clockTime(context)(now)}: ${rest.map((alert) => alert?.title).join('; ')}`;
  return withField(words, INCIDENT, how);
}

/** Words about an alert that was not resolved in time, as its rule puts them. */
export function persistenceWords(open: OpenAlert, context: PolicyContext, failures: Failure[]): AlertText {
  const rule = context.rules.find(({ condition }) => condition === open.condition);
  try {
    return checkedText(rule?.persists?.(open, context.now)) ?? open;
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
  const { times = 1, levelSince = since, end } = 'holds' in alert ? alert : {};
  const began = times > 1 ? levelSince : since;
  const at = kind === 'raised' && alert.status === 'open' ? began : now;
  const by = acknowledgedBy === undefined ? {} : { Acknowledged: `by ${acknowledgedBy}` };
  const flaps = times > 1 && kind === 'raised' ? { Flapping: `began ${times} times` } : {};
  const words = withFields({ title, message, fields }, by, flaps);
  const notice = (changed: Partial<AlertNotice>): AlertNotice => ({
    level,
    ...words,
    ...changed,
    timestamp: at,
  });
  switch (kind) {
    case 'acknowledged':
      return notice({ message: `${acknowledgedBy ?? 'Somebody'} looks after it.` });
    case 'flapping': {
      const { window, stableFor } = context.settings.flapping;
      const changes = recent(alert, state, context);
      return notice({
        title: `Flapping: ${title}`,
        message:
          `It began or ended ${changes} times within ${formatDuration(window)}. You are notified again when it ${level === AlertLevel.Critical ? 'holds again' : 'gets worse'}, ` +
          `or when it was stable for ${formatDuration(stableFor)}. Last: ${message}`,
      });
    }
    case 'repeated':
      return notice({
        message: `Open for ${formatDuration(now - since)}. As of ${clockTime(context)(alert.updatedAt)}: ${message}`,
        fields: { ...words.fields, Open: formatDuration(now - since) },
      });
    case 'resolved':
      return notice({
        ...(end === undefined ? {} : textOf(end)),
        level,
        title: `Over for the moment: ${(end ?? alert).title}`,
      });
    case 'raised':
      return channel.unacknowledgedAfter === undefined
        ? notice({})
        : notice({
            title: `Unacknowledged for ${formatDuration(channel.unacknowledgedAfter)}: ${title}`,
          });
    default:
      return notice({});
  }
}

/** The notice of a digest: the worst by name, the others by number. */
export function digestNotice(
  state: Readonly<AlertsState>,
  { since, entries, more }: Digest,
  { now }: PolicyContext,
): { readonly notice: AlertNotice; readonly named: readonly string[]; readonly others: number } {
  const subjects = [...entries]
    .map(([fingerprint, entry]) => ({ fingerprint, entry, worst: worstOf(state, fingerprint, entry) }))
    .sort((a, b) => compareWorst(a.worst, b.worst));
  const named = subjects.slice(0, NAMED);
  const total = subjects.length + (more?.count ?? 0);
  const others = total - named.length;
  const lines = named.map(({ fingerprint, entry: { held, passed }, worst }) => {
    const times = passed !== undefined && passed.count > 1 ? `, ${passed.count} times` : '';
    const isOpen = held.some((alertId) => alertId === state.open.get(fingerprint)?.id);
    const over = isOpen ? '' : ` (over${times})`;
    const { message = '' } = worst !== undefined && 'notice' in worst ? worst.notice : (worst ?? {});
    return `${worst?.level ?? ''} ${worst?.title ?? ''}${over}: ${shortened(message)}`;
  });
  if (others > 0) lines.push(`and ${others} more, which are in the log.`);
  const count = `${total} ${total === 1 ? 'alert' : 'alerts'}`;
  return {
    notice: {
      level: subjects.reduce<AlertLevel>(
        (level, { worst }) => louder(level, worst?.level ?? level),
        more?.level ?? AlertLevel.Info,
      ),
      title: `${count} within ${formatDuration(Math.max(0, now - since))}`,
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
): Alert | EndedAlert | undefined {
  const alerts: readonly (Alert | EndedAlert | undefined)[] = held.map((alertId) =>
    findAlert(state, fingerprint, alertId),
  );
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
  return (changes.get(fingerprint) ?? []).filter(({ at }) => now - at < settings.flapping.window).length;
}

function atFirst({ firstMessage }: OpenAlert, message: string): Readonly<Record<string, string>> {
  return firstMessage === message ? {} : { 'At first': withoutCommands(firstMessage) };
}

function withField(words: AlertText, name: string, value: string): AlertText {
  return withFields(words, { [name]: value });
}

function withFields(
  { title, message, fields }: AlertText,
  ...more: readonly Readonly<Record<string, string>>[]
): AlertText {
  return { title, message, fields: Object.assign({}, fields, ...more) as Record<string, string> };
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= QUOTED ? line : `${line.slice(0, QUOTED - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function clockTime({ settings: { timeZone } }: PolicyContext): (time: EpochMs) => string {
  return (time) => new Date(localTime(time, timeZone)).toISOString().slice(11, 19);
}
