import type { AlertEvent, AlertLevel, DeliveryRequested } from '@opensqt/trading-events';
import { compareLevels } from '../model/levels';
import { RunTooLongError } from './run-budget';

/** A decision that would have been another. */
export interface BacktestDifference {
  /** UTC, `2026-01-31`. */
  readonly day: string;
  /** `louder` and `quieter`: of another level. */
  readonly change: 'new' | 'gone' | 'louder' | 'quieter';
  readonly of: 'alert' | 'message';
  readonly words: string;
}

/** Two ways to decide on one log, beside each other. */
export interface Comparison {
  readonly differences: readonly BacktestDifference[];
  /** By day: alerts and messages that are the same. */
  readonly same: ReadonlyMap<string, number>;
}

/** The decisions about the alerts of the rules that are looked at. */
export class Decided {
  readonly alerts = new Map<string, { readonly day: string; readonly title: string; level: AlertLevel }>();
  /** By alert, channel, kind and number: what falls due by itself has other ids each time that it is decided. */
  readonly messages = new Map<string, { readonly day: string; readonly words: string }>();
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly ruled: ReadonlySet<string>,
    private readonly maxMessages = Infinity,
  ) {}

  /** @throws RunTooLongError at one message more than may be kept */
  note(event: AlertEvent): void {
    const day = new Date(event.occurredAt).toISOString().slice(0, 10);
    if (event.type === 'alert.raised' && this.ruled.has(event.data.condition)) {
      const { alertId, notice } = event.data;
      this.alerts.set(alertId, { day, title: notice.title, level: notice.level });
    } else if (event.type === 'alert.escalated') {
      const alert = this.alerts.get(event.data.alertId);
      if (alert !== undefined) alert.level = event.data.notice.level;
    } else if (event.type === 'delivery.requested') this.noteMessage(event.data, day);
  }

  private noteMessage({ alertId, channel, kind, notice, resendOf }: DeliveryRequested, day: string): void {
    const isOfARule = this.alerts.has(alertId) || kind === 'digest';
    if (kind === 'acknowledged' || resendOf !== undefined || !isOfARule) return;
    const key = [kind === 'digest' ? day : alertId, channel, kind].join(' ');
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    const words = `${channel}: ${kind}, ${notice.level} ${notice.title}`;
    if (this.messages.size >= this.maxMessages) throw new RunTooLongError(this.maxMessages, 'messages');
    this.messages.set(`${key} ${count}`, { day, words });
  }
}

export function compare(then: Decided, now: Decided): Comparison {
  const differences: BacktestDifference[] = [];
  const same = new Map<string, number>();
  const count = (day: string) => same.set(day, (same.get(day) ?? 0) + 1);
  for (const [id, { day, title, level }] of now.alerts) {
    const before = then.alerts.get(id);
    if (before === undefined) {
      differences.push({ day, change: 'new', of: 'alert', words: `${level} ${title}` });
    } else if (before.level !== level) {
      const change = compareLevels(before.level, level) < 0 ? 'louder' : 'quieter';
      differences.push({ day, change, of: 'alert', words: `${title}: ${before.level} → ${level}` });
    } else count(day);
  }
  for (const [id, { day, title, level }] of then.alerts) {
    if (!now.alerts.has(id))
      differences.push({ day, change: 'gone', of: 'alert', words: `${level} ${title}` });
  }
  for (const [id, { day, words }] of now.messages) {
    if (then.messages.has(id)) count(day);
    else differences.push({ day, change: 'new', of: 'message', words });
  }
  for (const [id, { day, words }] of then.messages) {
    if (!now.messages.has(id)) differences.push({ day, change: 'gone', of: 'message', words });
  }
  return { differences: differences.sort((a, b) => a.day.localeCompare(b.day)), same };
}
