import type { DomainEvent, DurationMs, EpochMs } from './domain-event';

/** How loud an alert is. */
export const AlertLevel = {
  Info: 'INFO',
  Warning: 'WARNING',
  Error: 'ERROR',
  Critical: 'CRITICAL',
} as const;
export type AlertLevel = (typeof AlertLevel)[keyof typeof AlertLevel];

/** What a person is told, as stored; the times in it are epoch milliseconds. */
export interface AlertNotice {
  readonly level: AlertLevel;
  readonly title: string;
  readonly message: string;
  readonly timestamp: EpochMs;
  readonly fields: Readonly<Record<string, string>>;
}

/** Which step of an alert's life a message tells. */
export type NoticeKind =
  | 'raised'
  | 'escalated'
  | 'flapping'
  | 'repeated'
  | 'acknowledged'
  | 'resolved'
  | 'digest'
  | 'summary'
  | 'test';

interface AlertReference {
  readonly alertId: string;
  /** Condition and the labels of its subject: one open alert per fingerprint. */
  readonly fingerprint: string;
  readonly condition: string;
}

export interface AlertRaised extends AlertReference {
  readonly labels: Readonly<Record<string, string>>;
  readonly notice: AlertNotice;
  /** A one-off is told and is never open: nothing resolves it. */
  readonly oneOff: boolean;
  /** The first alert of the incident that it is part of; absent when it begins one itself. */
  readonly incidentId?: string;
  /** When it becomes an ERROR unless it is resolved before; absent when it never does. */
  readonly escalatesAt?: EpochMs;
}

export interface AlertEscalated extends AlertReference {
  readonly previousLevel: AlertLevel;
  readonly notice: AlertNotice;
}

/** Why nobody was told. */
export type SuppressionReason =
  | 'duplicate'
  | 'silenced'
  | 'not_matched'
  | 'below_channel_level'
  | 'quiet_hours'
  | 'awaiting_acknowledgement'
  | 'part_of_incident'
  | 'acknowledged'
  | 'flapping'
  | 'not_due'
  | 'throttled'
  | 'grouped'
  | 'superseded'
  | 'channel_removed'
  | 'trigger_not_delivered';

export interface AlertSuppressed extends AlertReference {
  readonly reason: SuppressionReason;
  /** How loud it would have been. */
  readonly level?: AlertLevel;
  /** The one channel that was not told; absent when it is all of them. */
  readonly channel?: string;
  /** Until when that cannot change by itself; absent when it never does. */
  readonly until?: EpochMs;
  /** Of a condition that flaps: it holds again, or it does not for the moment. */
  readonly holds?: boolean;
  /** Of a duplicate: the numbers by now. */
  readonly notice?: AlertNotice;
}

export interface AlertAcknowledged extends AlertReference {
  readonly by: string;
  readonly note?: string;
}

export interface AlertResolved extends AlertReference {
  readonly reason: string;
  readonly notice: AlertNotice;
}

export interface SilenceCreated {
  readonly silenceId: string;
  /** What an alert must match to be silenced: labels and their values, or texts such as `symbol=~BTC.*`. */
  readonly matchers: Readonly<Record<string, string>> | readonly string[];
  /** When it begins; absent when it began with the event. */
  readonly startsAt?: EpochMs;
  readonly until: EpochMs;
  readonly reason: string;
  readonly by: string;
}

export interface SilenceExpired {
  readonly silenceId: string;
  /** Who ended it early; absent when its time was over. */
  readonly by?: string;
}

export interface SummaryClosed {
  /** Of the messages that tell it: their `alertId`. */
  readonly summaryId: string;
  /** When it was to be told. */
  readonly dueAt: EpochMs;
}

interface DeliveryReference {
  readonly deliveryId: string;
  readonly alertId: string;
  readonly channel: string;
}

export interface DeliveryRequested extends DeliveryReference {
  readonly fingerprint: string;
  readonly kind: NoticeKind;
  readonly notice: AlertNotice;
  /** Wall clock: deliveries keep their own time, whatever the market's clock does. */
  readonly requestedAt: EpochMs;
  /** The first alert of the incident that its alert is part of; absent when it began one. */
  readonly incidentId?: string;
  /** The dead letter that is sent again. */
  readonly resendOf?: string;
  /** Of a digest: the fingerprints that it names, the worst first, and the number of others. */
  readonly digest?: { readonly named: readonly string[]; readonly others: number };
}

export interface DeliveryStarted extends DeliveryReference {
  readonly attempt: number;
  readonly startedAt: EpochMs;
}

export interface DeliverySucceeded extends DeliveryReference {
  readonly attempt: number;
  /** From the commit of the request until the provider accepted it. */
  readonly latencyMs: DurationMs;
  /** The message as its provider knows it, where further ones about the alert can change or answer it; no secret. */
  readonly reference?: string;
}

/** What kind of failure an attempt met, which decides what happens next. */
export type DeliveryFailure =
  'ambiguous' | 'rate_limited' | 'transient' | 'rejected' | 'too_large' | 'broken';

export interface DeliveryFailed extends DeliveryReference {
  readonly attempt: number;
  readonly outcome: DeliveryFailure;
  readonly detail: string;
  readonly nextAttemptAt: EpochMs;
  /** Nothing goes to this channel before then, because the provider said so. */
  readonly pausedUntil?: EpochMs;
}

export interface DeliveryAbandoned extends DeliveryReference {
  readonly attempt: number;
  readonly reason:
    | 'rejected'
    | 'too_large'
    | 'broken'
    | 'ambiguous'
    | 'expired'
    | 'trigger_not_delivered'
    | 'channel_removed';
  readonly detail: string;
}

/** Facts stated by the alerts themselves: every step of an alert's life. */
export type AlertEvent =
  | DomainEvent<'alert.raised', AlertRaised>
  | DomainEvent<'alert.escalated', AlertEscalated>
  | DomainEvent<'alert.suppressed', AlertSuppressed>
  | DomainEvent<'alert.acknowledged', AlertAcknowledged>
  | DomainEvent<'alert.resolved', AlertResolved>
  | DomainEvent<'silence.created', SilenceCreated>
  | DomainEvent<'silence.expired', SilenceExpired>
  | DomainEvent<'summary.closed', SummaryClosed>
  | DomainEvent<'delivery.requested', DeliveryRequested>
  | DomainEvent<'delivery.started', DeliveryStarted>
  | DomainEvent<'delivery.succeeded', DeliverySucceeded>
  | DomainEvent<'delivery.failed', DeliveryFailed>
  | DomainEvent<'delivery.abandoned', DeliveryAbandoned>;
