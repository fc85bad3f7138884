import { assertNever, formatDuration } from '@opensqt/trading-events';
import { DEFAULT_TIME_ZONE, formatTime } from '../../format/time';
import type { AlertNotification, AlertStep } from '../channel';
import { withoutCommands } from '../../format/format';
import { oneLine } from '../../format/plain-text';
import { shorten } from './shorten';

/** UTF-16 units, so that both parts fit where a provider takes 2,000. */
const FIRST_TEXT = 900;
const STEP_TEXT = 140;
/** Of a long story the middle is left out. */
const STEPS_AT_FIRST = 1;
const STEPS_AT_LAST = 4;

/**
 * The notification as the message that stands for its alert shows it: what was said first, and a line for each thing that has happened since.
 * Without a known earlier message it is the notification itself.
 */
export function withHistory(notification: AlertNotification): AlertNotification {
  const { earlier, kind, level, message, timestamp, timeZone = DEFAULT_TIME_ZONE } = notification;
  const { first, since = [] } = earlier ?? {};
  if (first === undefined) return notification;
  const fieldsNow = Object.entries(notification.fields).filter(
    ([, value]) => value !== first.message && value !== withoutCommands(first.message),
  );
  const now: AlertStep = { kind, level, text: message, at: timestamp.getTime(), times: 1 };
  const lines = [...since, now].map(
    (step) => `${formatTime(step.at, timeZone)} ${lineOf(step, step.at - first.timestamp)}`,
  );
  return {
    ...notification,
    message: [
      `${first.level} · ${oneLine(first.title)}`,
      shorten(kind === 'resolved' ? withoutCommands(first.message) : first.message, FIRST_TEXT),
      '',
      ...withoutMiddle(lines),
    ].join('\n'),
    fields: { ...first.fields, ...Object.fromEntries(fieldsNow) },
  };
}

function lineOf(step: AlertStep, after: number): string {
  const text = shorten(oneLine(step.text), STEP_TEXT);
  return stateOf(step, after) + (text === '' ? '' : `: ${text}`);
}

function stateOf({ kind, level, times, by }: AlertStep, after: number): string {
  switch (kind) {
    case 'escalated':
      return `escalated to ${level}`;
    case 'repeated':
      return times === 1 ? 'repeated' : `repeated ${times} times`;
    case 'acknowledged':
      return by === undefined ? 'acknowledged' : `acknowledged by ${by}`;
    case 'resolved':
      return after > 0 ? `resolved after ${formatDuration(after)}` : 'resolved';
    case 'raised':
      return `sent again at ${level}`;
    case 'flapping':
    case 'digest':
    case 'summary':
    case 'test':
      return kind;
    default:
      return assertNever(kind);
  }
}

function withoutMiddle(lines: readonly string[]): readonly string[] {
  const leftOut = lines.length - STEPS_AT_FIRST - STEPS_AT_LAST;
  if (leftOut <= 1) return lines;
  return [...lines.slice(0, STEPS_AT_FIRST), `… ${leftOut} more`, ...lines.slice(-STEPS_AT_LAST)];
}
