import { type AlertLevel, assertNever, formatDuration } from '@opensqt/trading-events';
import type { AlertNotification } from '../channel';
import { DEFAULT_COMMAND, commandLine } from '../../format/format';
import { formatExactly, withoutExponents } from '../../format/number';
import { DEFAULT_TIME_ZONE, formatDateTime } from '../../format/time';
import { manyLines, oneLine } from '../../format/plain-text';

/** A name and a value that belong together. */
export interface MessageField {
  readonly name: string;
  readonly value: string;
}

/** The parts of a message, in the order in which somebody woken at 3 a.m. needs them. No markup, no limits yet. */
export interface MessageParts {
  readonly icon: string;
  /** The level, and what happened to the alert: `CRITICAL`, `ERROR, still firing`, `RESOLVED`. */
  readonly status: string;
  readonly title: string;
  /** The bot that it is about; absent where the alert does not say so. */
  readonly bot?: string;
  readonly body: string;
  readonly fields: readonly MessageField[];
  /** Remarks on the message itself: `possible duplicate`, `delayed by 3 min 20 s`. */
  readonly marks: readonly string[];
  /** The commands that do something about the alert, a line each; empty where there is nothing to do. */
  readonly commands: string;
  /** The page that says what to do; a URL of printable ASCII. */
  readonly runbook?: string;
  /** `2026-11-24 03:12:07 UTC` */
  readonly time: string;
  /** The beginning of the alert's id, which the commands take; empty for messages that are about none. */
  readonly id: string;
}

/** Characters of an alert's id that are shown. */
const SHORT_ID = 8;

const LEVEL_ICONS: Readonly<Record<AlertLevel, string>> = {
  INFO: '🔵',
  WARNING: '🟡',
  ERROR: '🟠',
  CRITICAL: '🔴',
};

/** Formats a notification; every channel lays the parts out in its own way. */
export function formatAlert(notification: AlertNotification): MessageParts {
  const { alertId, kind, labels, timestamp, timeZone = DEFAULT_TIME_ZONE } = notification;
  const bot = oneLine(labels['bot'] ?? '');
  return {
    ...statusOf(notification),
    title: oneLine(textOf(notification.title)) || 'Alert without a title',
    ...(bot === '' ? {} : { bot }),
    body: bodyOf(notification),
    fields: Object.entries(notification.fields).map(([name, value]) => ({
      name: oneLine(name) || '–',
      value: manyLines(textOf(value)) || '–',
    })),
    marks: marksOf(notification),
    commands: commandsFor(notification),
    ...(notification.runbookUrl === undefined ? {} : { runbook: notification.runbookUrl }),
    time: formatDateTime(timestamp.getTime(), timeZone),
    id: kind === 'test' || kind === 'summary' ? '' : shortIdOf(alertId),
  };
}

/** The first line: `🔴 CRITICAL · Circuit breaker tripped: BTCUSDT · mm-btc-1`. */
export function headline({ icon, ...parts }: MessageParts): string {
  return `${icon} ${plainHeadline(parts)}`;
}

/** The first line without its icon. */
export function plainHeadline({ status, title, bot }: Omit<MessageParts, 'icon'>): string {
  return [status, title, ...(bot === undefined ? [] : [bot])].join(' · ');
}

/** The last line: when, and about which alert. */
export function whenAndWhich({ time, id }: MessageParts): string {
  return id === '' ? time : `${time} · alert ${id}`;
}

/**
 * The fields by name, for providers that want an object. What would have the name of another gets a number, so that nothing
 * is lost.
 *
 * @param nameOf the name in the provider's own alphabet
 * @param taken names that are used already
 */
export function fieldsByName(
  fields: readonly MessageField[],
  nameOf: (name: string) => string = (name) => name,
  taken: readonly string[] = [],
): Readonly<Record<string, string>> {
  const named = new Map(taken.map((name) => [name, '']));
  for (const { name, value } of fields) {
    const wanted = nameOf(name);
    let free = wanted;
    for (let number = 2; named.has(free); number += 1) free = `${wanted}_${number}`;
    named.set(free, value);
  }
  for (const name of taken) named.delete(name);
  return Object.fromEntries(named);
}

/** ISO 8601 in UTC; undefined when there is no time. */
export function isoTime(timestamp: Date): string | undefined {
  return Number.isNaN(timestamp.getTime()) ? undefined : timestamp.toISOString();
}

function statusOf({ kind, level }: AlertNotification): Pick<MessageParts, 'icon' | 'status'> {
  switch (kind) {
    case 'raised':
      return { icon: LEVEL_ICONS[level], status: level };
    case 'escalated':
      return { icon: '⬆️', status: `ESCALATED to ${level}` };
    case 'flapping':
      return { icon: '🔁', status: `${level}, flapping` };
    case 'repeated':
      return { icon: LEVEL_ICONS[level], status: `${level}, still firing` };
    case 'resolved':
      return { icon: '✅', status: 'RESOLVED' };
    case 'acknowledged':
      return { icon: '👀', status: 'ACKNOWLEDGED' };
    case 'digest':
      return { icon: '📦', status: `DIGEST (up to ${level})` };
    case 'summary':
      return { icon: '📊', status: 'SUMMARY' };
    case 'test':
      return { icon: '🧪', status: `TEST (${level})` };
    default:
      return assertNever(kind);
  }
}

function bodyOf({ message, standing }: AlertNotification): string {
  const body = manyLines(textOf(message));
  return standing === undefined ? body : `${body}\nNow: ${oneLine(standing)}`;
}

function marksOf({ possibleDuplicate, delayedMs }: AlertNotification): readonly string[] {
  return [
    ...(possibleDuplicate ? ['possible duplicate'] : []),
    ...(delayedMs === undefined ? [] : [`delayed by ${formatDuration(delayedMs)}`]),
  ];
}

/** The text of a value; a number that an application without types states is one, too. */
function textOf(value: unknown): string {
  return typeof value === 'number' ? formatExactly(value) : withoutExponents(String(value ?? ''));
}

function shortIdOf(alertId: string): string {
  return oneLine(alertId).slice(0, SHORT_ID);
}

/** A label and its value, without anything that a shell would read as more than text. */
const MATCHER = /^\w+=[\w.:@%+,-]+$/;

/** The commands that somebody who gets this message can give: those that would succeed at that moment. */
function commandsFor(notification: AlertNotification): string {
  const { alertId, awaitsAcknowledgement, condition, labels, command = DEFAULT_COMMAND } = notification;
  if (awaitsAcknowledgement !== true) return '';
  const matchers = Object.entries({ condition, ...labels }).map(([name, value]) => `${name}=${value}`);
  const isPlain = matchers.every((matcher) => MATCHER.test(matcher));
  return [
    `Acknowledge: ${commandLine(command, 'alerts', `ack ${shortIdOf(alertId)}`)}`,
    ...(isPlain
      ? [`Silence: ${commandLine(command, 'alerts', `silence ${matchers.join(' ')} --for 1h --reason TEXT`)}`]
      : []),
  ].join('\n');
}
