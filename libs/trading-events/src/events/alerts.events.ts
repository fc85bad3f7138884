import type { DomainEvent, DurationMs, EpochMs } from './domain-event';

/** The severity of an alert. */
export const AlertLevel = {
  Info: 'INFO',
  Warning: 'WARNING',
  Error: 'ERROR',
  Critical: 'CRITICAL',
} as const;
export type AlertLevel = (typeof AlertLevel)[keyof typeof AlertLevel];

/** The content of a message. */
export interface AlertNotice {
  readonly level: AlertLevel;
  /** One line: what, and where. */
  readonly title: string;
  /** The numbers that matter, with their limits; what the system did and did not do; what the reader can do. */
  readonly message: string;
  readonly timestamp: EpochMs;
  /** Names and values, in the order they are to be shown. */
  readonly fields: Readonly<Record<string, string>>;
}

/** The step of an alert's life that a notification is about. */
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
  /** A one-off is notified and is never open: nothing resolves it. */
  readonly oneOff: boolean;
  /** The first alert of the incident that it is part of; absent when it begins one itself. */
  readonly incidentId?: string;
  /** Time at which it becomes an ERROR unless it is resolved before; absent when it never does. */
  readonly escalatesAt?: EpochMs;
}

export interface AlertEscalated extends AlertReference {
  readonly previousLevel: AlertLevel;
  readonly notice: AlertNotice;
}

/** The reason that no notification was sent. */
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
  /** The level that it would have had. */
  readonly level?: AlertLevel;
  /** The one channel that was not notified; absent when it is all of them. */
  readonly channel?: string;
  /** The time before which that cannot change by itself; absent when it never does. */
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
  /** The matchers of the silenced alerts: labels and their values, or texts such as `symbol=~BTC.*`. */
  readonly matchers: Readonly<Record<string, string>> | readonly string[];
  /** The time at which it begins; absent when it began with the event. */
  readonly startsAt?: EpochMs;
  readonly until: EpochMs;
  readonly reason: string;
  readonly by: string;
}

export interface SilenceExpired {
  readonly silenceId: string;
  /** The person who ended it early; absent when its time was over. */
  readonly by?: string;
}

export interface SummaryClosed {
  /** The `alertId` of the summary's notifications. */
  readonly summaryId: string;
  /** Time at which it was to be sent. */
  readonly dueAt: EpochMs;
}

/** The condition of an alert of a drill: nothing happened, somebody looks who is notified. It counts nowhere as trouble. */
export const DRILL = 'drill';

/** A test message was sent through a channel, past every queue and route. */
export interface ChannelTested {
  readonly channel: string;
  readonly delivered: boolean;
  /** The provider's verdict, in words. */
  readonly detail: string;
  readonly by: string;
}

/** A person said that a time was planned: what happened in it is maintenance, and no surprise. */
export interface IncidentPlanned {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly reason: string;
  readonly by: string;
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
  /** The labels of its alert; absent where it is about none. */
  readonly labels?: Readonly<Record<string, string>>;
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

/** The kind of failure that an attempt met, which decides what happens next. */
export type DeliveryFailure =
  'ambiguous' | 'rate_limited' | 'transient' | 'rejected' | 'too_large' | 'broken';

export interface DeliveryFailed extends DeliveryReference {
  readonly attempt: number;
  readonly outcome: DeliveryFailure;
  readonly detail: string;
  readonly nextAttemptAt: EpochMs;
  /** True when the sending process cut the attempt short, by its end or a stop; absent where the provider left its outcome open. */
  readonly interrupted?: boolean;
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
    | 'channel_removed'
    | 'superseded';
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
  | DomainEvent<'channel.tested', ChannelTested>
  | DomainEvent<'incident.planned', IncidentPlanned>
  | DomainEvent<'delivery.requested', DeliveryRequested>
  | DomainEvent<'delivery.started', DeliveryStarted>
  | DomainEvent<'delivery.succeeded', DeliverySucceeded>
  | DomainEvent<'delivery.failed', DeliveryFailed>
  | DomainEvent<'delivery.abandoned', DeliveryAbandoned>;
