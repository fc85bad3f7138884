import type { AlertEvent, TradingEvent } from '@opensqt/trading-events';
import { alertsOptions } from '../../options/alerts.options';
import type { DecisionContext } from '../policy/decision-context';
import { AlertsInMemory, decideDueBy, decideRecord } from '../policy/pipeline';
import { rulesOf } from '../rules/registry';

/** A context with two channels: the log, and `chat`. */
export function decisionContext(given: Partial<DecisionContext> = {}): DecisionContext {
  const { settings = alertsOptions.parse({}) } = given;
  return {
    rules: rulesOf(settings),
    settings,
    routes: [{ name: 'log' }, { name: 'chat' }],
    wallNow: 1_000,
    ...given,
  };
}

/** Given what happened before, when something happens, then these are the decisions: by the pipeline that production runs. */
export class Decisions extends AlertsInMemory {
  private position = 0;

  constructor(private readonly context: DecisionContext = decisionContext()) {
    super(context);
  }

  /** Decides on each event; returns the decisions on the last one. */
  on(...events: readonly TradingEvent[]): readonly AlertEvent[] {
    return events.reduce<readonly AlertEvent[]>((_, event) => {
      const record = { position: (this.position += 1), committedAt: 0, event };
      return decideRecord({ alerts: this }, record, this.context);
    }, []);
  }

  /** Decides what has fallen due by then. */
  due(now: number): readonly AlertEvent[] {
    return decideDueBy({ alerts: this }, now, this.context);
  }

  /** Folds events in as if they had been decided. */
  given(...events: readonly AlertEvent[]): readonly AlertEvent[] {
    for (const event of events) this.fold(event);
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
