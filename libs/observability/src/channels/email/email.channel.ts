import { Logger } from '@nestjs/common';
import type { AlertLevel } from '@opensqt/trading-events';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { AlertChannel, AlertNotification, RateLimit } from '../channel';
import { DeliveryError } from '../delivery-error';
import { DEFAULT_ATTEMPT_TIMEOUT_MS, attemptSignal } from '../http/attempt';
import { emailMessage } from './email-message';
import { bareAddress, isMailAddress } from './mail-address';
import type { MessageSize } from '../http/post-message';
import { secretsOfToken } from '../http/redact';
import { type SmtpSecurity, type SmtpServer, sendOnce } from './smtp-session';

const PORTS: Readonly<Record<SmtpSecurity, number>> = { starttls: 587, tls: 465, none: 25 };

export interface EmailChannelOptions {
  /** The mail server that takes our messages. */
  readonly host: string;
  /** @default 587 with `starttls`, 465 with `tls`, 25 with `none` */
  readonly port?: number;
  /**
   * `starttls` and `tls` refuse a server whose certificate is not trusted; `none` sends everything, the password too, as it is.
   *
   * @default 'starttls'
   */
  readonly secure?: SmtpSecurity;
  /** Absent: without a login. */
  readonly user?: string;
  /** A secret. */
  readonly password?: string;
  /** `alerts@desk.example`, or `OpenSQT <alerts@desk.example>`. */
  readonly from: string;
  readonly to: readonly string[];
  /** Least level that is told here. @default 'INFO' */
  readonly minLevel?: AlertLevel;
  /** How long one attempt may take, milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
  /** PEM certificates to trust besides Node's own, for a mail server with one from a private authority. */
  readonly trustedCertificates?: string;
}

/**
 * Tells alerts by e-mail, through an SMTP server. Messages about one alert form a thread.
 *
 * @throws TypeError when an address is not one, or there is no recipient
 *
 * @example
 * const email = new EmailChannel({ host: 'smtp.desk.example', from: 'alerts@desk.example', to: ['eve@desk.example'] });
 * await email.send(notification, AbortSignal.timeout(10_000));
 */
export class EmailChannel implements AlertChannel {
  readonly name = 'email';
  readonly minLevel: AlertLevel;
  /** Ours: mailbox providers take a flood for spam. */
  readonly rateLimit: RateLimit = { burst: 10, intervalMs: 6_000 };

  readonly #logger = new Logger('EmailChannel');
  readonly #server: SmtpServer;
  readonly #from: string;
  readonly #to: readonly string[];
  readonly #timeoutMs: number;

  constructor(options: EmailChannelOptions) {
    const { host, secure = 'starttls', port = PORTS[secure], user, password = '' } = options;
    if (options.to.length === 0) throw new TypeError('alerts.email.to is empty. Name at least one address.');
    this.minLevel = options.minLevel ?? 'INFO';
    this.#from = mailAddress(options.from, 'alerts.email.from');
    this.#to = options.to.map((address) => mailAddress(address, 'alerts.email.to'));
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_ATTEMPT_TIMEOUT_MS;
    this.#server = {
      host,
      port,
      secure,
      login: user === undefined ? undefined : { user, password },
      trustedCertificates: options.trustedCertificates,
      secrets: [password, base64(password), base64(`\0${user ?? ''}\0${password}`)].flatMap(secretsOfToken),
    };
  }

  async send(notification: AlertNotification, signal: AbortSignal): Promise<void> {
    const attempt = attemptSignal(signal, this.#timeoutMs);
    try {
      await this.#send(notification, 'full', attempt);
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.outcome !== 'too_large') throw error;
      await this.#send(notification, 'short', attempt);
    }
  }

  async #send(notification: AlertNotification, size: MessageSize, attempt: AbortSignal): Promise<void> {
    const domain = bareAddress(this.#from).split('@').at(-1) ?? 'localhost';
    const mail = new MailComposer({
      ...emailMessage(notification, domain, size),
      from: this.#from,
      to: [...this.#to],
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const content = await mail.compile().build();
    const envelope = { from: bareAddress(this.#from), to: this.#to.map(bareAddress) };
    const refused = await sendOnce(this.#server, { ...envelope, content }, attempt);
    if (refused > 0) {
      this.#logger.warn(
        `The mail server refused ${refused} of ${this.#to.length} recipients of an alert; the others have it. Check alerts.email.to.`,
      );
    }
  }
}

function mailAddress(text: string, key: string): string {
  if (isMailAddress(text)) return text.trim();
  throw new TypeError(
    `${key} is not an address such as eve@desk.example or Eve <eve@desk.example>. Correct it.`,
  );
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
