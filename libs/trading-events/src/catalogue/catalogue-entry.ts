import type { EventSource } from '../events/domain-event';

/** The rule of a field. `kind` names it in documents. */
export interface FieldRule {
  readonly kind: string;
  /** Gives the value for the record, plain and frozen, or its `Fault`. Throws only what reading the value throws. */
  readonly parse: (value: unknown) => unknown;
  readonly optional?: true;
}

/** The catalogue's row of an event type: all that its TypeScript type does not say. */
export interface CatalogueEntry<Data> {
  readonly source: EventSource;
  /** Version of `data` that is written today. */
  readonly version: number;
  /** `log`: stored for good. `live`: projected at once and never stored. */
  readonly kept: 'log' | 'live';
  /** The fact, in a sentence or two. */
  readonly fact: string;
  /** Each field's rule; a field that the type has and this table misses does not compile. */
  readonly fields: { readonly [Field in keyof Required<Data>]: FieldRule };
}
