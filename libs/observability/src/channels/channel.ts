import type { AlertLevel, AlertNotice, NoticeKind } from '@opensqt/trading-events';

/** A notice on its way to a channel, with what a channel may want to know of the alert behind it. */
export interface AlertNotification extends Omit<AlertNotice, 'timestamp'> {
  readonly timestamp: Date;
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
  /** Of a reminder: whether it trades now, in the words of `/health`; absent where that is not known. One line. */
  readonly standing?: string;
  /** The page that says what to do; absent where no address of such pages is configured. An http(s) URL of printable ASCII. */
  readonly runbookUrl?: string;
  /** IANA name of the time zone of times in the message. @default 'UTC' */
  readonly timeZone?: string;
  /** True while the alert is open and nobody has acknowledged it. */
  readonly awaitsAcknowledgement?: boolean;
  /** True while the alert is open. */
  readonly isOpen?: boolean;
  /** The beginning of the commands that the message names. @default 'npx opensqt' */
  readonly command?: string;
  /** The message that this channel has shown for the alert so far; absent when there is none, or none that it can name. */
  readonly earlier?: EarlierMessage;
}

/** The part of a notification that every channel shows. */
export type AlertPayload = Pick<AlertNotification, keyof AlertNotice>;

/** A message that was delivered before. */
export interface EarlierMessage {
  /** Its name, from the channel's own {@link DeliveryReceipt}. */
  readonly reference: string;
  /** The notice that it began with; absent where it is about another alert of the incident. */
  readonly first?: AlertNotice;
  /** The messages that followed it, oldest first. */
  readonly since?: readonly AlertStep[];
}

/** A message about an alert that the channel has been sent already. */
export interface AlertStep {
  readonly kind: NoticeKind;
  readonly level: AlertLevel;
  /** The beginning of its text. */
  readonly text: string;
  /** Epoch milliseconds; of several of the same kind in a row the last one. */
  readonly at: number;
  readonly times: number;
  /** The person who has acknowledged the alert. */
  readonly by?: string;
}

/** A channel's receipt for a message that the provider has accepted. */
export interface DeliveryReceipt {
  /**
   * The message that stands for the alert from now on, in the channel's own words: 1 to 256 characters, no secret, since it is
   * kept in the log. The next message about the alert is handed it as `earlier`.
   */
  readonly reference: string;
  /** The provider asks for a pause of so many milliseconds, although it accepted the message. */
  readonly pauseMs?: number;
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
  /** Milliseconds after which one `send` is given up: it may have arrived. @default 30_000 */
  readonly timeoutMs?: number;
  /**
   * Resolves once the provider has accepted the message; with a receipt where later messages can change or answer it.
   *
   * @param signal aborts when the attempt has taken too long or the process is stopping
   * @throws DeliveryError that says what kind of failure it was; any other error counts as transient
   */
  send(alert: AlertNotification, signal: AbortSignal): Promise<DeliveryReceipt | undefined> | Promise<void>;
  /** Interval (ms) of {@link refresh}. */
  readonly refreshEveryMs?: number;
  /**
   * Sends the open alerts that the receiver knows of again, for one that forgets them otherwise. No attempt is recorded, and nothing
   * is retried before the next time: doing it twice must be the same as once.
   */
  refresh?(open: readonly AlertNotification[], signal: AbortSignal): Promise<void>;
}

/** A token bucket: `burst` messages at once, then one each `intervalMs`. */
export interface RateLimit {
  readonly burst: number;
  readonly intervalMs: number;
}

/** Injection token of the channels that are in use: an `AlertChannel[]`, the log channel first. */
export const ALERT_CHANNELS = Symbol('ALERT_CHANNELS');
