import { exactSum } from '../projections/exact-sum';
import { asIs, codecOf, mapOf, optional, recordOf } from '../projections/state-codec';
import type {
  ClosedPeriod,
  PeriodFigures,
  SummaryState,
  SymbolCondition,
  SymbolFigures,
} from './summary.state';

const period = recordOf<PeriodFigures>({
  from: optional(asIs<number>()),
  symbols: mapOf(
    recordOf<SymbolFigures>({
      realized: exactSum,
      volume: exactSum,
      fees: mapOf(exactSum),
      fills: asIs(),
      placed: asIs(),
      rejected: asIs(),
      restarts: asIs(),
      downMs: asIs(),
    }),
  ),
  alerts: mapOf(mapOf(asIs())),
  givenUp: mapOf(asIs()),
});

const conditions = mapOf<string, SymbolCondition>(
  recordOf<SymbolCondition>({
    startedFirstAt: asIs(),
    since: asIs(),
    trading: asIs(),
    awaitsRestart: asIs(),
    lastAt: asIs(),
    unrealized: asIs(),
    valuedAt: optional(asIs<number>()),
    quote: optional(asIs<string>()),
  }),
);

/** The codec of the state in a snapshot. */
export const summaryCodec = codecOf<SummaryState>({
  period,
  conditions,
  breakers: mapOf(asIs()),
  closed: optional(
    recordOf<ClosedPeriod>({
      summaryId: asIs(),
      dueAt: asIs(),
      to: asIs(),
      figures: period,
      conditions,
      breakers: mapOf(asIs()),
    }),
  ),
});
