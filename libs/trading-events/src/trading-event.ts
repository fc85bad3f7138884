import type { AlertEvent } from './alerts.events';
import type { OrchestratorEvent } from './orchestrator.events';
import type { OrderExecutorEvent } from './order-executor.events';
import type { PositionManagerEvent } from './position-manager.events';
import type { RemoteExchangeEvent } from './remote-exchange.events';
import type { RiskMonitorEvent } from './risk-monitor.events';

/** Every fact there is. A `switch` over `event.type` that misses one does not compile. */
export type TradingEvent =
  | OrchestratorEvent
  | RiskMonitorEvent
  | PositionManagerEvent
  | OrderExecutorEvent
  | RemoteExchangeEvent
  | AlertEvent;

/** Every event's name. */
export type EventType = TradingEvent['type'];

/** The event of that name. */
export type EventOf<Type extends EventType> = Extract<TradingEvent, { readonly type: Type }>;

/** The data of the event of that name. */
export type DataOf<Type extends EventType> = EventOf<Type>['data'];

/** Facts of trading: the ones that come over the emitter, and that alert rules decide on. */
export type MarketMakerEvent = Exclude<TradingEvent, AlertEvent>;

/** Never reached when a switch is exhaustive: a new event type makes the call fail to compile. */
export function assertNever(value: never): never {
  throw new TypeError(`Not a known case: ${JSON.stringify(value)}`);
}
