import type { AlertEvent, MarketMakerEvent } from '@opensqt/trading-events';
import { evolveAlerts } from '../model/alerts.projection';
import { type AlertsState, initialAlerts } from '../model/alerts.state';
import { decideOn } from '../policy/decide';
import { decideDue } from '../policy/decide-by-time';
import type { DecisionContext } from '../policy/decision-context';
import { ALERT_RULES } from '../rules/alert-rules';

/** A context with two channels: the log, and `chat`. */
export function decisionContext(given: Partial<DecisionContext> = {}): DecisionContext {
  return {
    rules: ALERT_RULES,
    settings: {
      largeExecutionThreshold: '10000',
      persistentAfterMs: 60_000,
      repeatIntervalMs: 14_400_000,
      burst: 10,
      groupWindowMs: 60_000,
    },
    routes: [{ name: 'log' }, { name: 'chat' }],
    wallNow: 1_000,
    ...given,
  };
}

/** Given what happened before, when something happens, then these are the decisions. */
export class Decisions {
  readonly state: AlertsState = initialAlerts();

  constructor(private readonly context: DecisionContext = decisionContext()) {}

  /** Decides on each event and takes the decisions on; returns those on the last one. */
  on(...events: readonly MarketMakerEvent[]): readonly AlertEvent[] {
    return events.reduce<readonly AlertEvent[]>((_, event) => {
      const due = this.due(event.occurredAt);
      return [...due, ...this.take(decideOn(this.state, event, this.context))];
    }, []);
  }

  /** Decides what has fallen due by then. */
  due(now: number): readonly AlertEvent[] {
    return this.take(decideDue(this.state, now, this.context));
  }

  /** Takes events on as if they had been decided. */
  take(events: readonly AlertEvent[]): readonly AlertEvent[] {
    for (const event of events) evolveAlerts(this.state, event);
    return events;
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
