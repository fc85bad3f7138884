import type { DomainEvent } from './domain-event';

export interface EventQuarantined {
  /** The type of the event that was there, as far as it can be read. */
  readonly eventType: string;
  /** The fault that kept it from being read. */
  readonly reason: string;
  /** Its data, as far as it can be shown as text. */
  readonly stored: string;
}

/** Facts stated by the event log itself, in place of an event that it can't give back. */
export type EventLogEvent = DomainEvent<'event.quarantined', EventQuarantined>;
