export * from './alerts.events';
export { EVENT_CATALOGUE, EVENT_TYPES, type CatalogueEntry } from './catalogue';
export { type Clock, systemClock } from './clock';
export { createEvent, type EnvelopeOptions } from './create-event';
export * from './domain-event';
export type { FieldRule, RejectionReason } from './field-rules';
export { type IdSource, derivedId, randomIds, seededIds } from './ids';
export * from './orchestrator.events';
export * from './order-executor.events';
export * from './position-manager.events';
export { type Random, seededRandom } from './random';
export * from './remote-exchange.events';
export * from './risk-monitor.events';
export * from './trading-event';
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
export { type Rejection, type Validation, rejectionOf, validateEvent } from './validate-event';
