import type { AlertLevel, EventType, TradingEvent } from '@opensqt/trading-events';
import type { ZodType } from 'zod';
import type { AlertPayload } from '../../channels/channel';
import type { OpenAlert } from '../model/alerts.state';
import type { SubjectLabels } from '../model/fingerprint';

/** A condition's name: a metric's label, and part of the fingerprint. */
export type AlertCondition = string;

/** The text of a message; level and time are the alert's. */
export type AlertText = Pick<AlertPayload, 'title' | 'message' | 'fields'>;

/** A person should know of this. */
export interface RaiseVerdict extends AlertText {
  readonly verdict: 'raise';
  readonly labels: SubjectLabels;
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
 * A condition: which events matter to it and what they mean. A function of the event alone: it is asked again after a restart and in
 * a backtest, and has to say the same.
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
export interface AlertRule {
  readonly condition: AlertCondition;
  readonly handles: readonly EventType[];
  decide(event: TradingEvent): RuleVerdict | undefined;
  /** The text of its escalation, for a rule whose alerts have an `escalatesAt`. */
  persists?(alert: OpenAlert, now: number): AlertText;
}

/** A built-in condition, with its line in the table of docs/alerts.md. */
export interface ConditionDefinition {
  readonly condition: AlertCondition;
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

/** A built-in condition that events of trading meet: a rule with its options, the section of its thresholds in `alerts`. */
export interface RuleDefinition<Options extends Sections = Sections>
  extends ConditionDefinition, Omit<AlertRule, 'decide'> {
  readonly options: Options;
  decide(event: TradingEvent, options: Read<Options>): RuleVerdict | undefined;
}

/** Checks a definition and keeps its types. */
export function defineRule<Options extends Sections>(
  definition: RuleDefinition<Options>,
): RuleDefinition<Options> {
  return definition;
}
