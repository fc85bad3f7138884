import type { Upcasters } from './upcast';

/**
 * The steps from each version of an event to the next, in order; a type that is at version 1 has none. An upcaster is never
 * changed once a release has shipped it. `docs/events-evolution.md` says how one is added.
 */
export const UPCASTERS: Upcasters = {};
