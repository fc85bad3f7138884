export * from './events/alerts.events';
export { EVENT_CATALOGUE, EVENT_TYPES, type CatalogueEntry } from './catalogue/catalogue';
export { type Clock, systemClock } from './clock';
export { createEvent, type EnvelopeOptions } from './catalogue/create-event';
export * from './events/domain-event';
export type { FieldRule, RejectionReason } from './catalogue/field-rules';
export { type IdSource, derivedId, randomIds, seededIds } from './ids';
export * from './events/orchestrator.events';
export * from './events/order-executor.events';
export * from './events/position-manager.events';
export { type Random, seededRandom } from './random';
export * from './events/remote-exchange.events';
export * from './events/risk-monitor.events';
export * from './events/trading-event';
export {
  UpcastError,
  type Upcaster,
  type UpcastErrorCode,
  type Upcasters,
  type WrittenData,
  type WrittenEvent,
  createUpcast,
  upcast,
} from './upcasting/upcast';
export { type Rejection, type Validation, rejectionOf, validateEvent } from './catalogue/validate-event';
