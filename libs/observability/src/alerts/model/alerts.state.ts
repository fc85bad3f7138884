import type {
  AlertLevel,
  AlertNotice,
  DeliveryAbandoned,
  DeliveryRequested,
  EpochMs,
  NoticeKind,
  SilenceCreated,
  SuppressionReason,
} from '@opensqt/trading-events';
import type { EarlierMessage } from '../../channels/channel';

/** The label of an alert that counts those of its condition that are too many. */
export const OVERFLOW = 'overflow';

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
  /** The last time that the condition raised, escalated or repeated it. */
  readonly updatedAt: EpochMs;
  /** The number of times that the condition was met again while it was open. */
  readonly repeats: number;
  readonly acknowledgedBy?: string;
  readonly resolvedAt?: EpochMs;
  /** Of a resolved alert: the channels that were notified of it. */
  readonly knownBy?: readonly string[];
  /** Of two alerts the one that was raised first has the smaller one. */
  readonly order: number;
}

/** An open alert, with what deciding about it needs. */
export interface OpenAlert extends Alert {
  readonly escalatesAt?: EpochMs;
  /** The time since which it has its level. */
  readonly levelSince: EpochMs;
  /** False while it flaps and the condition does not hold for the moment. */
  readonly holds: boolean;
  /** The number of times that it began to hold. */
  readonly times: number;
  /** The level that was acknowledged: a higher one is not. */
  readonly acknowledgedLevel?: AlertLevel;
  /** The message that it was raised with. */
  readonly firstMessage: string;
  /** While it flaps and does not hold for the moment: the words about that. */
  readonly end?: AlertNotice;
}

/** A resolved alert whose end some channel has not been notified of. */
export interface EndedAlert extends Alert {
  readonly notice: AlertNotice;
  /** Channels that know of the alert and not of its end. */
  readonly owed: ReadonlySet<string>;
  /** Of two alerts the one that ended first has the smaller one. */
  readonly endOrder: number;
}

/** An alert's id, and the fingerprint that it is found by. */
export interface AlertKey {
  readonly alertId: string;
  readonly fingerprint: string;
}

/** One message to one channel, until it is delivered or abandoned. */
export interface PendingDelivery extends DeliveryRequested {
  readonly attempt: number;
  readonly nextAttemptAt: EpochMs;
  /** True from the moment an attempt leaves until its outcome is recorded. */
  readonly inFlight: boolean;
  /** True once an attempt may have arrived without our knowing. */
  readonly ambiguous: boolean;
  /** True once a provider left the outcome of an attempt open; one that this process cut short does not count. */
  readonly leftOpen: boolean;
  /** Of a digest: the open alerts that it notifies of. */
  readonly covers?: readonly AlertKey[];
}

/** A message that was abandoned. */
export interface DeadLetter extends DeliveryRequested {
  readonly reason: DeliveryAbandoned['reason'];
  readonly detail: string;
  readonly attempts: number;
  /** Of a digest: the open alerts that it was to notify of. */
  readonly covers?: readonly AlertKey[];
}

/** The state of a channel, from the deliveries through it. */
export interface ChannelState {
  /** Wall clock; nothing is sent before. */
  readonly pausedUntil: EpochMs;
  /** The reason that nothing can be delivered through it, and since when. */
  readonly broken?: { readonly reason: string; readonly since: EpochMs };
}

/** The outcome of the messages that said that an alert holds: one that arrived is enough. */
export type NotifiedOutcome = 'pending' | 'delivered' | 'abandoned';

/** The last message that a channel was sent about an alert. */
export interface Notified {
  readonly kind: NoticeKind;
  readonly level: AlertLevel;
  readonly at: EpochMs;
  /** The time that a repeat counts from until the clock, which was set back since, shows `at` again. */
  readonly countedFrom?: EpochMs;
  readonly outcome: NotifiedOutcome;
  /** One of those messages was abandoned after an attempt that may have arrived: the channel is notified of the end. */
  readonly mayHaveArrived?: true;
  /** The person whose acknowledgement the channel knows of. */
  readonly acknowledgedBy?: string;
  /** The time of the condition's last change when the channel was notified that it flaps, or of it by a digest. */
  readonly knownChangeAt?: EpochMs;
  /** The number of messages about it: two at one time, after the clock was set back, are two. */
  readonly messages: number;
  /** The number of times that it had begun to hold. */
  readonly times: number;
  /** True while only digests have notified of it. */
  readonly onlyDigests?: true;
}

/** The reason that a channel does not know what it should. */
export interface Hold {
  readonly reason: SuppressionReason;
  readonly since: EpochMs;
  /** The time before which that cannot change by itself; absent when it never does. */
  readonly until?: EpochMs;
}

/** A silence that holds, or will. */
export interface Silence extends SilenceCreated {
  /** True where it began when it was made: a clock that is set back to before that does not undo it. */
  readonly atOnce?: true;
}

/** The channels' knowledge of an alert. */
export interface Notifications {
  /** By channel. */
  readonly notified: Map<string, Notified>;
  /** By channel. */
  readonly holds: Map<string, Hold>;
  /** By channel: the message that it shows for the alert, where it can name it. */
  readonly shown: Map<string, EarlierMessage>;
  /** Messages of the alert that have not ended. */
  pending: number;
}

/** One subject in a digest. */
export interface DigestEntry {
  /** Alerts that are held until the digest. */
  readonly held: readonly string[];
  /** Alerts that came and went without having been notified: how many, and the worst of them. */
  readonly passed?: { readonly count: number; readonly alertId: string; readonly worst: Alert };
}

/** Alerts that wait to be notified as one message. */
export interface Digest {
  readonly since: EpochMs;
  readonly dueAt: EpochMs;
  /** True when it exists because there were too many messages: others wait for it, too. */
  readonly throttles: boolean;
  /** By fingerprint, in the order in which they joined. */
  readonly entries: Map<string, DigestEntry>;
  /** Further subjects that came and went and are only counted, with the worst level among them. */
  readonly more?: { readonly count: number; readonly level: AlertLevel };
}

/** Something that happened in an incident. */
export interface StoryLine {
  readonly at: EpochMs;
  readonly title: string;
}

/** The end of an alert of an incident. */
export interface IncidentEnd {
  readonly at: EpochMs;
  readonly fingerprint: string;
  readonly level: AlertLevel;
  readonly knownBy: readonly string[];
}

/** Alerts that follow from one another, notified as one story. There is one from its second alert on. */
export interface Incident {
  readonly since: EpochMs;
  /** Its open alerts: their fingerprints, by id. */
  readonly open: ReadonlyMap<string, string>;
  /** Oldest first. */
  readonly story: readonly StoryLine[];
  /** Lines that were dropped from its middle. */
  readonly leftOut: number;
  /** The time at which the last of its alerts ended; undefined while one is open. */
  readonly endedAt: EpochMs | undefined;
  /** Its alerts that ended last, and the channels that knew of them. */
  readonly ends: readonly IncidentEnd[];
}

/** A condition began to hold, or ended. */
export interface Change {
  readonly at: EpochMs;
  readonly holds: boolean;
}

/** Everything that deciding and delivering need to know, as it follows from the alerts' own events. */
export interface AlertsState {
  /** By fingerprint. */
  readonly open: Map<string, OpenAlert>;
  /** The fingerprints of open alerts, by their ids. */
  readonly ids: Map<string, string>;
  /** The number of open alerts, by condition; those that count others ({@link OVERFLOW}) are not among them. */
  readonly conditions: Map<string, number>;
  /** Alerts that began or ended so far. */
  readonly counted: { alerts: number };
  /** Newest last; bounded. */
  readonly history: Alert[];
  /** Ids of those one-off alerts in the history that nothing was decided on. */
  readonly undecided: Set<string>;
  /** By fingerprint. */
  readonly ended: Map<string, readonly EndedAlert[]>;
  readonly silences: Map<string, Silence>;
  /** By delivery id, oldest first. */
  readonly pending: Map<string, PendingDelivery>;
  /** By delivery id, oldest first; bounded. */
  readonly deadLetters: Map<string, DeadLetter>;
  readonly channels: Map<string, ChannelState>;
  /** By alert id; kept while the alert is open, its end is owed or a message about it is under way. */
  readonly notifications: Map<string, Notifications>;
  /** By channel. */
  readonly digests: Map<string, Digest>;
  /** By channel: when messages were last requested, oldest first; bounded. */
  readonly traffic: Map<string, readonly EpochMs[]>;
  /** By the id of its first alert, those that ended last at the end; kept while one is open, and for as long as more may follow. */
  readonly incidents: Map<string, Incident>;
  /** By fingerprint, the one that changed last at the end; oldest change first. Bounded. */
  readonly changes: Map<string, readonly Change[]>;
}

/** No alert was ever raised. */
export function initialAlerts(): AlertsState {
  return {
    open: new Map(),
    ids: new Map(),
    conditions: new Map(),
    counted: { alerts: 0 },
    history: [],
    undecided: new Set(),
    ended: new Map(),
    silences: new Map(),
    pending: new Map(),
    deadLetters: new Map(),
    channels: new Map(),
    notifications: new Map(),
    digests: new Map(),
    traffic: new Map(),
    incidents: new Map(),
    changes: new Map(),
  };
}

/** The last message that the channel was sent about the alert; undefined when none arrived or may still arrive. */
export function notifiedOf(
  { notifications }: Readonly<Pick<AlertsState, 'notifications'>>,
  alertId: string,
  channel: string,
): Notified | undefined {
  const notified = notifications.get(alertId)?.notified.get(channel);
  return notified?.outcome === 'abandoned' ? undefined : notified;
}

/** True of a channel to which nothing about the alert can have arrived: its end is nothing to it either. */
export function cannotKnow(notified: Notified | undefined): boolean {
  return notified?.outcome === 'abandoned' && notified.mayHaveArrived !== true;
}

/** The open or ended alert of that id. */
export function findAlert(
  { open, ended }: Readonly<AlertsState>,
  fingerprint: string,
  alertId: string,
): OpenAlert | EndedAlert | undefined {
  const alert = open.get(fingerprint);
  if (alert?.id === alertId) return alert;
  return ended.get(fingerprint)?.find(({ id }) => id === alertId);
}

/** The message that a channel shows for a delivery's alert; of another alert of its incident only the name. */
export function earlierMessage(
  { notifications }: Readonly<AlertsState>,
  { alertId, channel, incidentId = alertId }: Pick<DeliveryRequested, 'alertId' | 'channel' | 'incidentId'>,
): EarlierMessage | undefined {
  const own = notifications.get(alertId)?.shown.get(channel);
  if (own !== undefined) return own;
  const reference = notifications.get(incidentId)?.shown.get(channel)?.reference;
  return reference === undefined ? undefined : { reference };
}

/** True while the alert of a delivery is open. */
export function isOpen(
  { open }: Readonly<AlertsState>,
  { alertId, fingerprint }: Pick<DeliveryRequested, 'alertId' | 'fingerprint'>,
): boolean {
  return open.get(fingerprint)?.id === alertId;
}

/** True while the alert of a delivery is open and nobody has acknowledged it. */
export function awaitsAcknowledgement(
  state: Readonly<AlertsState>,
  delivery: Pick<DeliveryRequested, 'alertId' | 'fingerprint'>,
): boolean {
  return isOpen(state, delivery) && state.open.get(delivery.fingerprint)?.acknowledgedBy === undefined;
}

/** The text and the level of a notice, as fields of an alert. */
export function textOf(notice: AlertNotice): Pick<Alert, 'level' | 'title' | 'message' | 'fields'> {
  const { level, title, message, fields } = notice;
  return { level, title, message, fields };
}
