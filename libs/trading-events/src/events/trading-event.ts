import type { AlertEvent } from './alerts.events';
import type { EventLogEvent } from './event-log.events';
import type { OrchestratorEvent } from './orchestrator.events';
import type { OrderExecutorEvent } from './order-executor.events';
import type { PositionManagerEvent } from './position-manager.events';
import type { RemoteExchangeEvent } from './remote-exchange.events';
import type { RiskMonitorEvent } from './risk-monitor.events';

/** Facts that alert rules decide on: those of trading, which come over the emitter, and those of the log. */
export type TradingEvent =
  | OrchestratorEvent
  | RiskMonitorEvent
  | PositionManagerEvent
  | OrderExecutorEvent
  | RemoteExchangeEvent
  | EventLogEvent;

/** Every fact there is. A `switch` over `event.type` that misses one does not compile. */
export type AnyEvent = TradingEvent | AlertEvent;

/** Every event's name. */
export type EventType = AnyEvent['type'];

/** The event of that name. */
export type EventOf<Type extends EventType> = Extract<AnyEvent, { readonly type: Type }>;

/** The data of the event of that name. */
export type DataOf<Type extends EventType> = EventOf<Type>['data'];

/** The part of that event that a read model folds: without its id, source and cause. */
export type FactOf<Type extends EventType> = {
  [Each in Type]: Pick<EventOf<Each>, 'type' | 'version' | 'occurredAt' | 'data'>;
}[Type];

/** The part of any event that a read model folds. Every event is one. */
export type Fact = FactOf<EventType>;

/** Never reached when a switch is exhaustive: a new event type makes the call fail to compile. */
export function assertNever(value: never): never {
  throw new TypeError(`Not a known case: ${JSON.stringify(value)}`);
}
