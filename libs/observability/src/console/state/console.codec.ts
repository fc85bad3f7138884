import { exactSum } from '../../projections/exact-sum';
import { asIs, codecOf, listOf, mapOf, optional, recordOf } from '../../projections/state-codec';
import type { ConsoleState, SymbolState } from './console.state';

/** Writes the state into a snapshot and reads it back. */
export const consoleCodec = codecOf<ConsoleState>({
  symbols: mapOf(
    recordOf<SymbolState>({
      exchange: optional(asIs<string>()),
      strategy: optional(asIs<string>()),
      stopped: optional(asIs<string>()),
      resting: mapOf(asIs()),
      entry: optional(asIs<string>()),
      valued: optional(asIs()),
      fees: mapOf(exactSum),
      volume: exactSum,
      fills: asIs(),
      lastFill: optional(asIs()),
      sample: optional(asIs()),
      paused: optional(asIs()),
      changed: optional(asIs()),
    }),
  ),
  limits: mapOf(asIs()),
  breakers: mapOf(asIs()),
  tickToOrder: listOf(),
  marks: recordOf<ConsoleState['marks']>({ newest: optional(asIs()), firstFill: optional(asIs()) }),
});
