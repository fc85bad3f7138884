import {
  DRILL,
  type EpochMs,
  type EventType,
  type FactOf,
  type OrderFilled,
  type SummaryClosed,
  assertNever,
} from '@opensqt/trading-events';
import { ExactSum } from '../projections/exact-sum';
import { type Projection, isBefore } from '../projections/projection';
import { summaryCodec } from './summary.codec';
import {
  type SummaryState,
  type SymbolCondition,
  type SymbolFigures,
  newFigures,
  newPeriod,
} from './summary.state';

/** A running process ends a period on time. One that was ended so much later (ms) was ended by a process that had been down. */
export const MISSED_AFTER_MS = 300_000;

const HANDLES = [
  'symbol.started',
  'symbol.stopped',
  'order.placed',
  'order.filled',
  'order.rejected',
  'position.changed',
  'circuit_breaker.tripped',
  'circuit_breaker.reset',
  'alert.raised',
  'delivery.abandoned',
  'summary.closed',
] as const satisfies readonly EventType[];

type Handled = (typeof HANDLES)[number];

/** The events since the last daily summary, folded from the log. */
export const summaryProjection: Projection<SummaryState, Handled> = {
  name: 'summary',
  version: 2,
  handles: HANDLES,
  initial: () => ({
    period: newPeriod(),
    conditions: new Map(),
    breakers: new Map(),
    closed: undefined,
  }),
  evolve,
  ...summaryCodec,
};

function evolve(state: SummaryState, event: FactOf<Handled>): SummaryState {
  const { occurredAt: now } = event;
  state.period.from ??= now;
  switch (event.type) {
    case 'symbol.started':
      start(state, event.data.symbol, now);
      break;
    case 'symbol.stopped': {
      const condition = conditionOf(state, event.data.symbol, now);
      const awaitsRestart = event.data.reason === 'process_exit';
      Object.assign(condition, { trading: false, since: now, awaitsRestart });
      break;
    }
    case 'order.placed':
      figuresOf(state, event.data.symbol, now).placed += 1;
      break;
    case 'order.filled':
      fill(state, event.data, now);
      break;
    case 'order.rejected':
      figuresOf(state, event.data.symbol, now).rejected += 1;
      break;
    case 'position.changed':
      figuresOf(state, event.data.symbol, now).realized.add(event.data.realizedPnl);
      value(conditionOf(state, event.data.symbol, now), event.data.unrealizedPnl, now);
      break;
    case 'circuit_breaker.tripped':
      state.breakers.set(event.data.scope, event.data.reason);
      break;
    case 'circuit_breaker.reset':
      state.breakers.delete(event.data.scope);
      break;
    case 'alert.raised': {
      const { condition, notice } = event.data;
      if (condition === DRILL) break;
      const levels = state.period.alerts.get(condition) ?? new Map();
      state.period.alerts.set(condition, levels.set(notice.level, (levels.get(notice.level) ?? 0) + 1));
      break;
    }
    case 'delivery.abandoned': {
      if (event.data.reason === 'trigger_not_delivered' || event.data.reason === 'superseded') break;
      const { givenUp } = state.period;
      givenUp.set(event.data.channel, (givenUp.get(event.data.channel) ?? 0) + 1);
      break;
    }
    case 'summary.closed':
      close(state, event.data, now);
      break;
    default:
      assertNever(event);
  }
  return state;
}

function start(state: SummaryState, symbol: string, now: EpochMs): void {
  const known = state.conditions.get(symbol);
  const figures = figuresOf(state, symbol, known?.lastAt ?? now);
  const condition = conditionOf(state, symbol, known?.lastAt ?? now);
  if (known !== undefined) {
    // One that is started again without having been stopped was ended by a crash, after what was last heard of it.
    if (known.trading || known.awaitsRestart) figures.restarts += 1;
    addDown(state, figures, known.trading ? known.lastAt : known.since, now);
  }
  Object.assign(condition, { trading: true, since: now, awaitsRestart: false, lastAt: now });
  if (isBefore(now, condition.valuedAt)) condition.valuedAt = undefined;
}

function value(condition: SymbolCondition, unrealized: string, at: EpochMs): void {
  if (!isBefore(at, condition.valuedAt)) Object.assign(condition, { unrealized, valuedAt: at });
}

function fill(state: SummaryState, filled: OrderFilled, now: EpochMs): void {
  const { symbol, quantity, fee, feeAsset } = filled;
  const figures = figuresOf(state, symbol, now);
  figures.fills += 1;
  figures.volume.add(quantity);
  let fees = figures.fees.get(feeAsset);
  if (fees === undefined) figures.fees.set(feeAsset, (fees = new ExactSum()));
  fees.add(fee);
  if (symbol !== feeAsset && symbol.endsWith(feeAsset)) conditionOf(state, symbol, now).quote = feeAsset;
}

/** A symbol that is not traded any more and was not heard of in all of the period is forgotten. */
function close(state: SummaryState, { summaryId, dueAt }: SummaryClosed, to: EpochMs): void {
  for (const [symbol, condition] of state.conditions) {
    if (condition.trading && to - dueAt >= MISSED_AFTER_MS && condition.lastAt < dueAt) {
      Object.assign(condition, { trading: false, since: condition.lastAt, awaitsRestart: true });
    }
    if (condition.trading) continue;
    if (condition.lastAt < (state.period.from ?? to)) state.conditions.delete(symbol);
    else addDown(state, periodFigures(state, symbol), condition.since, to);
  }
  const conditions = new Map([...state.conditions].map(([symbol, now]) => [symbol, { ...now }]));
  const breakers = new Map(state.breakers);
  state.closed = { summaryId, dueAt, to, figures: state.period, conditions, breakers };
  state.period = newPeriod(to);
}

/** The part of it that lies within the period. */
function addDown(state: SummaryState, figures: SymbolFigures, from: EpochMs, to: EpochMs): void {
  figures.downMs += Math.max(0, to - Math.max(from, state.period.from ?? from));
}

function figuresOf(state: SummaryState, symbol: string, now: EpochMs): SymbolFigures {
  conditionOf(state, symbol, now).lastAt = now;
  return periodFigures(state, symbol);
}

function periodFigures(state: SummaryState, symbol: string): SymbolFigures {
  let figures = state.period.symbols.get(symbol);
  if (figures === undefined) state.period.symbols.set(symbol, (figures = newFigures()));
  return figures;
}

function conditionOf(state: SummaryState, symbol: string, now: EpochMs): SymbolCondition {
  let condition = state.conditions.get(symbol);
  if (condition === undefined) {
    const times = { startedFirstAt: now, since: now, lastAt: now };
    const valued = { unrealized: '0', valuedAt: undefined };
    condition = { ...times, ...valued, trading: true, awaitsRestart: false, quote: undefined };
    state.conditions.set(symbol, condition);
  }
  return condition;
}
