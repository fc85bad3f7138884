import type { AlertLevel, EventType, MarketMakerEvent } from '@opensqt/trading-events';
import type { Alert } from '../model/alert-state';
import type { SubjectLabels } from '../model/fingerprint';

/** A condition's name: a metric's label, and part of the fingerprint. */
export type AlertCondition = string;

/** What rules decide by. */
export interface AlertSettings {
  /** Quote currency, as a decimal string. */
  readonly largeExecutionThreshold: string;
  readonly persistentAfterMs: number;
  readonly repeatIntervalMs: number;
  /** Messages that a channel is told one by one within the group window; 1 to 100. */
  readonly burst: number;
  readonly groupWindowMs: number;
}

/** The words of a message; level, time and the rest are the alert's. */
export interface AlertWords {
  readonly title: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A person should know of this. */
export interface RaiseVerdict extends AlertWords {
  readonly verdict: 'raise';
  readonly labels: SubjectLabels;
  /** The symbol that it is about, where the labels do not say so already. */
  readonly symbol?: string;
  readonly level: AlertLevel;
  /** Told once and never open. */
  readonly oneOff?: true;
  /** Becomes an ERROR at that time unless it is resolved before. */
  readonly escalatesAt?: number;
}

/** What was raised about this subject no longer holds. */
export interface ResolveVerdict extends AlertWords {
  readonly verdict: 'resolve';
  readonly labels: SubjectLabels;
}

/** What an event means for a condition. */
export type RuleVerdict = RaiseVerdict | ResolveVerdict;

/** One condition: which events matter to it and what they mean. A function of the event and the settings alone. */
export interface AlertRule {
  readonly condition: AlertCondition;
  readonly handles: readonly EventType[];
  decide(event: MarketMakerEvent, settings: AlertSettings): RuleVerdict | undefined;
  /** The words of its escalation, for a rule whose alerts have an `escalatesAt`. */
  persists?(alert: Omit<Alert, 'order'>, now: number): AlertWords;
}
