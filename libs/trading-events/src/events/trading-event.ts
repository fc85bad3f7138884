import type { AlertEvent } from './alerts.events';
import type { OrchestratorEvent } from './orchestrator.events';
import type { OrderExecutorEvent } from './order-executor.events';
import type { PositionManagerEvent } from './position-manager.events';
import type { RemoteExchangeEvent } from './remote-exchange.events';
import type { RiskMonitorEvent } from './risk-monitor.events';

/** Facts of trading: they come over the emitter, and alert rules decide on them. */
export type MarketMakerEvent =
  OrchestratorEvent | RiskMonitorEvent | PositionManagerEvent | OrderExecutorEvent | RemoteExchangeEvent;

/** Every fact there is. A `switch` over `event.type` that misses one does not compile. */
export type TradingEvent = MarketMakerEvent | AlertEvent;

/** Every event's name. */
export type EventType = TradingEvent['type'];

/** The event of that name. */
export type EventOf<Type extends EventType> = Extract<TradingEvent, { readonly type: Type }>;

/** The data of the event of that name. */
export type DataOf<Type extends EventType> = EventOf<Type>['data'];

/** What a read model folds of that event: without what only identifies it and says where it came from. */
export type FactOf<Type extends EventType> = {
  [Each in Type]: Pick<EventOf<Each>, 'type' | 'version' | 'occurredAt' | 'data'>;
}[Type];

/** What a read model folds of any event. Every event is one. */
export type Fact = FactOf<EventType>;

/** Never reached when a switch is exhaustive: a new event type makes the call fail to compile. */
export function assertNever(value: never): never {
  throw new TypeError(`Not a known case: ${JSON.stringify(value)}`);
}
