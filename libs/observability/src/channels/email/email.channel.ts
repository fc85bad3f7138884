import { Logger } from '@nestjs/common';
import type { AlertLevel } from '@opensqt/trading-events';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import { DeliveryError } from '../delivery-error';
import { DEFAULT_ATTEMPT_TIMEOUT_MS, attemptSignal } from '../http/attempt';
import { emailMessage } from './email-message';
import { emailOptions } from './email.options';
import { bareAddress } from './mail-address';
import type { MessageSize } from '../http/post-message';
import { secretsOfToken } from '../http/redact';
import { type SmtpSecurity, type SmtpServer, sendOnce } from './smtp-session';

const PORTS: Readonly<Record<SmtpSecurity, number>> = { starttls: 587, tls: 465, none: 25 };

/**
 * Sends alerts by e-mail, through an SMTP server. Messages about one alert form a thread.
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

  constructor(
    options: z.output<typeof emailOptions>,
    { timeoutMs = DEFAULT_ATTEMPT_TIMEOUT_MS, trustedCertificates }: ChannelEnvironment = {},
  ) {
    const { host = '', secure, port = PORTS[secure], user, password = '', from = '' } = options;
    this.minLevel = options.minLevel;
    this.#from = from.trim();
    this.#to = options.to.map((address) => address.trim());
    this.#timeoutMs = timeoutMs;
    this.#server = {
      host,
      port,
      secure,
      login: user === undefined ? undefined : { user, password },
      trustedCertificates,
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

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

export const email = defineChannel({
  name: 'email',
  options: emailOptions,
  channel: EmailChannel,
  documentation: {
    needs: '`host`, `from`, `to`; most servers `user`, `password`',
    sends: 'plain text and HTML, by SMTP',
    deduplicatedBy: '`Message-ID`, if the mailbox does',
  },
});
