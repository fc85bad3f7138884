import type { AlertLevel, EventType, MarketMakerEvent } from '@opensqt/trading-events';
import type { ResolvedAlerts } from '../../options/alerts.options';
import type { OpenAlert } from '../model/alerts.state';
import type { SubjectLabels } from '../model/fingerprint';

/** A condition's name: a metric's label, and part of the fingerprint. */
export type AlertCondition = string;

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
  decide(event: MarketMakerEvent, settings: ResolvedAlerts): RuleVerdict | undefined;
  /** The words of its escalation, for a rule whose alerts have an `escalatesAt`. */
  persists?(alert: OpenAlert, now: number): AlertWords;
}
