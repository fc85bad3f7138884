import type { AlertLevel, AlertNotice, EpochMs, EventType, TradingEvent } from '@opensqt/trading-events';
import type { ZodType } from 'zod';
import type { Alert } from '../model/alerts.state';
import type { SubjectLabels } from '../model/fingerprint';

/** A condition's name: a metric's label, and part of the fingerprint. */
export type AlertCondition = string;

/** The text of a notice; level and time are the alert's. */
export type AlertText = Pick<AlertNotice, 'title' | 'message' | 'fields'>;

/** A person should know of this. */
export interface RaiseVerdict extends AlertText {
  readonly verdict: 'raise';
  readonly labels: SubjectLabels;
  /** The symbol that it is about, where the labels do not say so already. */
  readonly symbol?: string;
  readonly level: AlertLevel;
  /** Sent once and never open. */
  readonly oneOff?: true;
  /** Becomes an ERROR at that time unless it is resolved before. */
  readonly escalatesAt?: number;
}

/** An alert about this subject no longer holds. */
export interface ResolveVerdict extends AlertText {
  readonly verdict: 'resolve';
  readonly labels: SubjectLabels;
}

/** The meaning of an event for a condition. */
export type RuleVerdict = RaiseVerdict | ResolveVerdict;

/**
 * A condition: which events matter to it and what they mean. `decide` is a function of the event alone; what depends on several events or
 * on time passing has a {@link RuleMemory}. Both are asked again after a restart and in a backtest, and have to say the same.
 *
 * @example
 * const rejected: AlertRule = {
 *   condition: 'order_rejected',
 *   handles: ['order.rejected'],
 *   decide(event) {
 *     if (event.type !== 'order.rejected') return undefined;
 *     const { symbol, reason } = event.data;
 *     const text = { title: `Order rejected: ${symbol}`, message: `The venue says: ${reason}.`, fields: { Symbol: symbol } };
 *     return { verdict: 'raise', labels: { symbol }, level: AlertLevel.Warning, ...text };
 *   },
 * };
 * ObservabilityModule.forRoot({ rules: [rejected] });
 */
export interface AlertRule<Memory = unknown> {
  readonly condition: AlertCondition;
  readonly handles: readonly EventType[];
  decide?(event: TradingEvent): RuleVerdict | undefined;
  readonly memory?: RuleMemory<Memory>;
  /** The text of its escalation, for a rule whose alerts have an `escalatesAt`. */
  persists?(alert: Omit<Alert, 'order'>, now: number): AlertText;
}

/**
 * The memory of a rule, folded from the events that it handles, in log order. Its functions depend on their arguments alone and change none of
 * them: `evolve` returns another memory. A memory is data for JSON, kept with snapshots.
 *
 * @example
 * // A symbol whose last three orders were all rejected.
 * const rejections: AlertRule<Record<string, number>> = {
 *   condition: 'rejected_in_a_row',
 *   handles: ['order.placed', 'order.rejected'],
 *   memory: {
 *     version: 1,
 *     initial: () => ({}),
 *     evolve: (counts, { type, data }) =>
 *       'symbol' in data ? { ...counts, [data.symbol]: type === 'order.placed' ? 0 : (counts[data.symbol] ?? 0) + 1 } : counts,
 *     decide: (counts) => Object.entries(counts).map(([symbol, count]) => verdictOn(symbol, count)),
 *   },
 * };
 */
export interface RuleMemory<Memory> {
  /** Changes whenever the memory's shape or meaning does: it is then folded anew from the whole log. */
  readonly version: number | string;
  initial(): Memory;
  evolve(memory: Memory, event: TradingEvent): Memory;
  /** The first time later than `after` at which `decide` has something else to say though nothing happens; undefined when there is none. */
  due?(memory: Memory, after: EpochMs): EpochMs | undefined;
  /**
   * States what holds by now: raises what does, and resolves what does not. What an open alert says already is not recorded again.
   *
   * @param event the one just folded in, where one was: subjects that it is not about may be left out
   */
  decide(memory: Memory, now: EpochMs, event?: TradingEvent): readonly RuleVerdict[];
}

/** A built-in condition, with its line in the table of docs/alerts.md. */
export interface ConditionDefinition {
  readonly condition: AlertCondition;
  /** The levels that the log says alerts of it were raised with, or became; none where they are sent past the log, or are not counted. */
  readonly levels: readonly AlertLevel[];
  readonly documentation: {
    readonly raisedBy: string;
    readonly level: string;
    readonly resolvedBy: string;
    readonly about: string;
  };
}

/** Sections of options, by their keys in `alerts`. */
type Sections = Readonly<Record<string, ZodType>>;
type Read<Options extends Sections> = {
  readonly [Key in keyof Options]: Options[Key] extends ZodType<infer Output> ? Output : never;
};

/** The options that the texts of all conditions follow. */
export type TextOptions = {
  readonly timeZone: string;
  /** The beginning of the commands that they name. */
  readonly command: string;
  /** True where operators can reset breakers. */
  readonly canReset?: boolean;
};

/** A built-in condition that events of trading meet: a rule with its options, the section of its thresholds in `alerts`. */
export interface RuleDefinition<Options extends Sections = Sections>
  extends ConditionDefinition, Omit<AlertRule, 'decide' | 'memory' | 'persists'> {
  readonly options: Options;
  decide?(event: TradingEvent, options: Read<Options> & TextOptions): RuleVerdict | undefined;
  /** Undefined where the options leave the condition off. */
  memory?(options: Read<Options> & TextOptions): RuleMemory<unknown> | undefined;
  persists?(alert: Omit<Alert, 'order'>, now: number, options: TextOptions): AlertText;
}

/** Checks a definition and keeps its types. */
export function defineRule<Options extends Sections>(
  definition: RuleDefinition<Options>,
): RuleDefinition<Options> {
  return definition;
}
