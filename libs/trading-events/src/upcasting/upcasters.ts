/** An event's data as some release wrote it: its fields are those of that release. */
export type WrittenData = Readonly<Record<string, unknown>>;

/** An event as some release wrote it. */
export interface WrittenEvent {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly source: string;
  readonly occurredAt: number;
  readonly causationId?: string;
  readonly data: WrittenData;
}

/**
 * Brings the data of one version to the next. Pure: the same data gives the same result in every release, and what it is
 * given is left as it is. The event is there for what the envelope knows, such as the time.
 */
export type Upcaster = (data: WrittenData, event: WrittenEvent) => WrittenData;

/** Per event type the steps from each version to the next: the first one from 1 to 2. */
export type Upcasters = Readonly<Record<string, readonly Upcaster[]>>;

/** A version that only gained optional fields: what was not recorded stays unknown. */
const unchanged: Upcaster = (data) => data;

/**
 * The steps from each version of an event to the next, in order; a type that is at version 1 has none. An upcaster is never
 * changed once a release has shipped it. `docs/events-evolution.md` says how one is added.
 */
export const UPCASTERS: Upcasters = {
  // 2: the currency of an amount
  'risk.limit_breached': [unchanged],
  'risk.limit_cleared': [unchanged],
  // 2: what was halted, and what was done
  'circuit_breaker.tripped': [unchanged],
  // 2: the operator's name and reason
  'circuit_breaker.reset': [unchanged],
  // 2: an attempt that the process itself cut short
  'delivery.failed': [unchanged],
  // 2: superseded by a newer message
  'delivery.abandoned': [unchanged],
};
