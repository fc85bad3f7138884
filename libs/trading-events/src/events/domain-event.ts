/** The part of the system that states a fact. */
export type EventSource =
  | 'orchestrator'
  | 'risk-monitor'
  | 'position-manager'
  | 'order-executor'
  | 'remote-exchange'
  | 'alerts'
  | 'event-log';

/**
 * A fact, as it travels and as it is stored. A record, never a class; nothing changes it once it is made.
 *
 * @typeParam Type - past-tense name; also the name it is emitted under
 * @typeParam Data - what is specific to this fact
 */
export interface DomainEvent<Type extends string, Data> {
  /** UUIDv7, unique: the same id twice is the same fact sent twice. */
  readonly id: string;
  readonly type: Type;
  /** Version of the shape of `data`. */
  readonly version: number;
  readonly source: EventSource;
  /** Epoch milliseconds, from the clock of the source. */
  readonly occurredAt: number;
  /** The id of the event that led to this one. */
  readonly causationId?: string;
  readonly data: Readonly<Data>;
}

/**
 * An exact signed number in plain notation (`-12.50`), as money and quantities are written. No exponent, no `+`, digits on
 * both sides of the point.
 */
export type DecimalString = string;

/** Milliseconds; finite and not negative. */
export type DurationMs = number;

/** Epoch milliseconds. */
export type EpochMs = number;

/** `buy` adds to a position, `sell` reduces it. */
export type Side = 'buy' | 'sell';
