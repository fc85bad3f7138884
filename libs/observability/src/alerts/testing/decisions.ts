import type { AlertEvent, EpochMs, TradingEvent } from '@opensqt/trading-events';
import { alertsOptions } from '../../options/alerts.options';
import { type AlertsState, initialAlerts } from '../model/alerts.state';
import { AlertBook } from '../policy/alert-book';
import { decideDue, decideRecord } from '../policy/decide-record';
import { RuleMemories } from '../policy/rule-memories';
import type { PolicyContext } from '../policy/settings';
import { rulesOf } from '../rules/registry';

/** A context with two channels: the log, and `chat`. */
export function decisionContext(given: Partial<PolicyContext> = {}): PolicyContext {
  const options = alertsOptions.parse({});
  return {
    bot: 'opensqt',
    rules: rulesOf(options),
    settings: options,
    channels: [{ name: 'log' }, { name: 'chat' }],
    now: 0,
    wallNow: Date.UTC(2026, 0, 1),
    ...given,
  };
}

/** Given what happened before, when something happens, then these are the decisions: by the order that production decides in. */
export class Decisions {
  readonly book: AlertBook;
  readonly memories: RuleMemories;
  private position = 0;

  constructor(private readonly context: PolicyContext = decisionContext()) {
    this.book = new AlertBook(initialAlerts(), context, context.now);
    this.memories = new RuleMemories(context.rules);
  }

  get state(): Readonly<AlertsState> {
    return this.book.state;
  }

  /** Decides on each event; returns the decisions on the last one. */
  on(...events: readonly TradingEvent[]): readonly AlertEvent[] {
    return events.reduce<readonly AlertEvent[]>((_, event) => this.decide(event), []);
  }

  /** Decides on what an operator or the application stated. */
  stated(...events: readonly AlertEvent[]): readonly AlertEvent[] {
    return events.reduce<readonly AlertEvent[]>((_, event) => {
      this.book.fold(event);
      return this.decide(event);
    }, []);
  }

  /** Decides what has fallen due by then. */
  due(now: EpochMs): readonly AlertEvent[] {
    return decideDue(this, { ...this.context, now }).events;
  }

  /** Folds events in as if they had been decided. */
  given(...events: readonly AlertEvent[]): readonly AlertEvent[] {
    for (const event of events) this.book.fold(event);
    return events;
  }

  private decide(event: TradingEvent | AlertEvent): readonly AlertEvent[] {
    const position = (this.position += 1);
    const record = { position, committedAt: 0, bot: 'opensqt', writer: 'opensqt', event };
    return decideRecord(this, record, { ...this.context, now: event.occurredAt }).events;
  }
}

/** The types of events, and for deliveries and suppressions the channel or the reason. */
export function inShort(events: readonly AlertEvent[]): readonly string[] {
  return events.map((event) => {
    switch (event.type) {
      case 'delivery.requested':
        return `${event.type} ${event.data.kind} ${event.data.channel}`;
      case 'alert.suppressed':
        return [event.type, event.data.reason, event.data.channel].filter(Boolean).join(' ');
      default:
        return event.type;
    }
  });
}
