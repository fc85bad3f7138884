import type {
  AlertLevel,
  AlertNotice,
  DeliveryAbandoned,
  DeliveryRequested,
  EpochMs,
  SilenceCreated,
  SuppressionReason,
} from '@opensqt/trading-events';

/** An alert as a person or a program asks for it. */
export interface Alert {
  readonly id: string;
  readonly fingerprint: string;
  readonly condition: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly level: AlertLevel;
  readonly title: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly status: 'open' | 'resolved' | 'one_off';
  /** The first alert of the incident that it is part of; absent when it began one. */
  readonly incidentId?: string;
  readonly since: EpochMs;
  /** The time at which the condition last raised, escalated or repeated it. */
  readonly updatedAt: EpochMs;
  /** Times that the condition was met again while the alert was open. */
  readonly repeats: number;
  readonly acknowledgedBy?: string;
  readonly resolvedAt?: EpochMs;
}

/** An open alert, with what deciding about it needs. */
export interface OpenAlert extends Alert {
  readonly escalatesAt?: EpochMs;
  /** The time of the last request to notify channels of it. */
  readonly notifiedAt: EpochMs;
}

/** One message to one channel, until it is delivered or given up. */
export interface PendingDelivery extends DeliveryRequested {
  readonly attempt: number;
  readonly nextAttemptAt: EpochMs;
  /** True from the moment an attempt leaves until its outcome is recorded. */
  readonly inFlight: boolean;
  /** True once an attempt may have arrived without our knowing. */
  readonly ambiguous: boolean;
}

/** A message as it waits for its first attempt. */
export function pendingDelivery(request: DeliveryRequested): PendingDelivery {
  return { ...request, attempt: 0, nextAttemptAt: request.requestedAt, inFlight: false, ambiguous: false };
}

/** A message that was given up. */
export interface DeadLetter extends DeliveryRequested {
  readonly reason: DeliveryAbandoned['reason'];
  readonly detail: string;
  readonly attempts: number;
}

/** The condition of a channel, from the deliveries through it. */
export interface ChannelState {
  /** Wall clock; nothing is sent before. */
  readonly pausedUntil: EpochMs;
  /** Present while nothing can be delivered through it. */
  readonly broken?: { readonly reason: string; readonly since: EpochMs };
}

/** The outcome of notifying a channel that an alert holds, by any message: its resolve depends on it. */
export type TriggerOutcome = 'pending' | 'delivered' | 'abandoned';

/** A channel that is notified of an open alert later, unless it is over by then. */
export interface Postponed {
  readonly alertId: string;
  readonly fingerprint: string;
  readonly channel: string;
  readonly reason: SuppressionReason;
  readonly until: EpochMs;
}

/** The outcomes of an alert's messages. */
export interface Triggers {
  /** By channel. */
  readonly outcomes: Map<string, TriggerOutcome>;
  /** By channel: the message that it shows for the alert, where it can name it. */
  readonly references: Map<string, string>;
  /** Messages of the alert that have not ended. */
  pending: number;
}

/** The messages that a channel was sent lately, and what was held back since they were too many. */
export interface ChannelTraffic {
  /** The times of the last requests, oldest first. */
  readonly requestedAt: readonly EpochMs[];
  readonly held: Throttled | undefined;
}

/** Alerts that wait for a digest. */
export interface Throttled {
  readonly since: EpochMs;
  /** By condition. */
  readonly counts: Map<string, { readonly level: AlertLevel; readonly count: number }>;
}

/** Something that happened in an incident. */
export interface StoryLine {
  readonly at: EpochMs;
  readonly title: string;
}

/** Alerts that follow from one another, sent as one story. There is one from its second alert on. */
export interface Incident {
  readonly since: EpochMs;
  /** Its open alerts: their fingerprints, by id. */
  readonly open: ReadonlyMap<string, string>;
  /** Oldest first. */
  readonly story: readonly StoryLine[];
  /** Lines that were dropped from its middle. */
  readonly leftOut: number;
  /** The end of its last alert; undefined while one is open. */
  readonly endedAt: EpochMs | undefined;
}

/** Everything that deciding and delivering need to know, as it follows from the alerts' own events. */
export interface AlertsState {
  /** By fingerprint. */
  readonly open: Map<string, OpenAlert>;
  /** Newest last; bounded. */
  readonly history: Alert[];
  readonly silences: Map<string, SilenceCreated>;
  /** By delivery id, oldest first. */
  readonly pending: Map<string, PendingDelivery>;
  /** By delivery id, oldest first; bounded. */
  readonly deadLetters: Map<string, DeadLetter>;
  readonly channels: Map<string, ChannelState>;
  /** By alert id and channel. */
  readonly postponed: Map<string, Postponed>;
  /** By channel. */
  readonly traffic: Map<string, ChannelTraffic>;
  /** By the id of its first alert; kept while one of its alerts is open, and for as long as more may follow. */
  readonly incidents: Map<string, Incident>;
  /** By alert id; kept until the alert is closed and the last of its messages has ended, at most for as long as `history`. */
  readonly triggers: Map<string, Triggers>;
}

/** No alert was ever raised. */
export function initialAlerts(): AlertsState {
  return {
    open: new Map(),
    history: [],
    silences: new Map(),
    pending: new Map(),
    deadLetters: new Map(),
    channels: new Map(),
    postponed: new Map(),
    traffic: new Map(),
    incidents: new Map(),
    triggers: new Map(),
  };
}

/** The message that a channel shows for a delivery's alert, or else for the incident that it is part of. */
export function earlierMessage(
  { triggers }: Readonly<AlertsState>,
  { alertId, channel, incidentId = alertId }: Pick<DeliveryRequested, 'alertId' | 'channel' | 'incidentId'>,
): { readonly reference: string } | undefined {
  const reference =
    triggers.get(alertId)?.references.get(channel) ?? triggers.get(incidentId)?.references.get(channel);
  return reference === undefined ? undefined : { reference };
}

/** The text and the level of a notice, as fields of an alert. */
export function wordsOf(notice: AlertNotice): Pick<Alert, 'level' | 'title' | 'message' | 'fields'> {
  const { level, title, message, fields } = notice;
  return { level, title, message, fields };
}
