import { type AlertLevel, assertNever, formatDuration } from '@opensqt/trading-events';
import type { AlertNotification } from '../channel';
import { manyLines, oneLine } from './plain-text';

/** A name and a value that belong together. */
export interface MessageField {
  readonly name: string;
  readonly value: string;
}

/** A notification as text, in the order in which somebody woken at 3 a.m. needs it. No markup, no limits yet. */
export interface FormattedAlert {
  readonly icon: string;
  /** The level, and what happened to the alert: `CRITICAL`, `ERROR, still firing`, `RESOLVED`. */
  readonly status: string;
  readonly title: string;
  readonly body: string;
  readonly fields: readonly MessageField[];
  /** Remarks on the message itself: `possible duplicate`, `delayed by 3 min 20 s`. */
  readonly marks: readonly string[];
  /** The page that says what to do; a URL of printable ASCII. */
  readonly runbook?: string;
  /** `2026-11-24 03:12:07 UTC` */
  readonly time: string;
}

const LEVEL_ICONS: Readonly<Record<AlertLevel, string>> = {
  INFO: '🔵',
  WARNING: '🟡',
  ERROR: '🟠',
  CRITICAL: '🔴',
};

/** Formats a notification; every channel lays the parts out in its own way. */
export function formatAlert(notification: AlertNotification): FormattedAlert {
  return {
    ...statusOf(notification),
    title: oneLine(notification.title) || 'Alert without a title',
    body: manyLines(notification.message),
    fields: Object.entries(notification.fields).map(([name, value]) => ({
      name: oneLine(name) || '–',
      value: manyLines(value) || '–',
    })),
    marks: marksOf(notification),
    ...(notification.runbookUrl === undefined ? {} : { runbook: notification.runbookUrl }),
    time: utcTime(notification.timestamp),
  };
}

/** The first line: `🔴 CRITICAL · Circuit breaker tripped: BTCUSDT`. */
export function headline({ icon, status, title }: FormattedAlert): string {
  return `${icon} ${status} · ${title}`;
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

function statusOf({ kind, level }: AlertNotification): Pick<FormattedAlert, 'icon' | 'status'> {
  switch (kind) {
    case 'raised':
      return { icon: LEVEL_ICONS[level], status: level };
    case 'escalated':
      return { icon: '⬆️', status: `ESCALATED to ${level}` };
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

function marksOf({ possibleDuplicate, delayedMs }: AlertNotification): readonly string[] {
  return [
    ...(possibleDuplicate ? ['possible duplicate'] : []),
    ...(delayedMs === undefined ? [] : [`delayed by ${formatDuration(delayedMs)}`]),
  ];
}

function utcTime(timestamp: Date): string {
  if (Number.isNaN(timestamp.getTime())) return 'time unknown';
  return `${timestamp.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
