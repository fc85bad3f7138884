import type { AlertLevel, NoticeKind } from '@opensqt/trading-events';

/** The content of a message. */
export interface AlertPayload {
  readonly level: AlertLevel;
  /** One line: what, and where. */
  readonly title: string;
  /** Since when, the numbers that matter, what the system did about it. */
  readonly message: string;
  readonly timestamp: Date;
  /** Names and values, in the order they are to be shown. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A payload on its way to a channel, with what a channel may want to know of the alert behind it. */
export interface AlertNotification extends AlertPayload {
  readonly alertId: string;
  /** Condition and the labels of its subject: the same for every message about one thing. */
  readonly fingerprint: string;
  /** The kind of trouble: `circuit_breaker_trip`. */
  readonly condition: string;
  /** The subject: `{ scope: 'BTCUSDT' }`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly kind: NoticeKind;
  /** The first alert of the incident that it is part of; absent when it began one, or stands alone. */
  readonly incidentId?: string;
  /** True when an earlier attempt may have arrived: say "possible duplicate". */
  readonly possibleDuplicate: boolean;
  /** The time that the message waited, in milliseconds; undefined when it is on time. */
  readonly delayedMs?: number;
  /** The page that says what to do; absent where no address of such pages is configured. An http(s) URL of printable ASCII. */
  readonly runbookUrl?: string;
  /** The message that this channel has shown for the alert so far; absent when there is none, or none that it can name. */
  readonly earlier?: EarlierMessage;
}

/** A message that was delivered before, as the channel's own {@link DeliveryReceipt} named it. */
export interface EarlierMessage {
  readonly reference: string;
}

/** A channel's receipt for a message that the provider has accepted. */
export interface DeliveryReceipt {
  /**
   * The message that stands for the alert from now on, in the channel's own words: 1 to 256 characters, no secret, since it is
   * kept in the log. The next message about the alert is handed it as `earlier`.
   */
  readonly reference: string;
}

/**
 * Somewhere alerts can be sent. A channel sends one message once; queueing, retries, pauses and order are the delivery's.
 *
 * @example
 * \@Injectable()
 * class SmsChannel implements AlertChannel {
 *   readonly name = 'sms';
 *   async send(alert: AlertPayload, signal: AbortSignal): Promise<void> {
 *     await this.gateway.post({ text: `${alert.level} ${alert.title}` }, { signal });
 *   }
 * }
 */
export interface AlertChannel {
  /** Lower case; a metric's label and the name in configuration and `/health`. */
  readonly name: string;
  /** Notifications below this level are not sent here. @default 'INFO' */
  readonly minLevel?: AlertLevel;
  /** True where an acknowledgement is sent, too, of an alert that was. @default false */
  readonly acknowledgements?: boolean;
  /** True where everything that is sent shows as an open incident: the daily summary is sent here by name only. @default false */
  readonly opensIncidents?: boolean;
  /** The rate at which it may be sent to; no limit unless given. */
  readonly rateLimit?: RateLimit;
  /** Messages, each about another thing, that may be under way at the same time. @default 1 */
  readonly concurrency?: number;
  /**
   * Resolves once the provider has accepted the message; with a receipt where later messages can change or answer it.
   *
   * @param signal aborts when the attempt has taken too long or the process is stopping
   * @throws DeliveryError that says what kind of failure it was; any other error counts as transient
   */
  send(alert: AlertNotification, signal: AbortSignal): Promise<DeliveryReceipt | undefined> | Promise<void>;
}

/** A token bucket: `burst` messages at once, then one each `intervalMs`. */
export interface RateLimit {
  readonly burst: number;
  readonly intervalMs: number;
}

/** Injection token of the channels that are in use: an `AlertChannel[]`, the log channel first. */
export const ALERT_CHANNELS = Symbol('ALERT_CHANNELS');
