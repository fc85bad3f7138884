import { createRequire } from 'node:module';
import { Logger } from '@nestjs/common';
import type { AlertLevel } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import { DeliveryError } from '../delivery-error';
import { emailMessage } from './email-message';
import { emailOptions } from './email.options';
import { type MailAddress, parseMailAddress } from './mail-address';
import type { MessageSize } from '../http/post-message';
import { excerpt, secretsOfToken } from '../http/redact';
import { messageKey } from '../message/notification-key';
import { networkOf } from '../../network/network';
import { type SmtpRefusal, fateOf, refusedByAll } from './smtp-failure';
import type { SmtpSecurity, SmtpServer } from './smtp-session';

const PORTS: Readonly<Record<SmtpSecurity, number>> = { starttls: 587, tls: 465, none: 25 };

/** The options refuse that; a test message to nobody fails like any other. */
const NOBODY: MailAddress = { name: '', address: '' };

/** More messages than are under way to some of their recipients at any time. */
const REMEMBERED_MESSAGES = 1_000;

/**
 * Sends alerts by e-mail, through an SMTP server. Messages about one alert form a thread. Each recipient has a fate of its own: who
 * is put off is sent the message again, and who has it is not.
 */
export class EmailChannel implements AlertChannel {
  readonly name = 'email';
  readonly minLevel: AlertLevel;
  /** Ours: mailbox providers take a flood for spam. */
  readonly rateLimit: RateLimit = { burst: 10, intervalMs: 6_000 };

  readonly #logger = new Logger('EmailChannel');
  readonly #server: SmtpServer;
  /** The first of them sends. */
  readonly #from: readonly MailAddress[];
  readonly #to: readonly MailAddress[];
  readonly timeoutMs: number;
  /** By a message's key, oldest first: the recipients that have it while others are put off. */
  readonly #accepted = new Map<string, ReadonlySet<string>>();

  constructor(
    options: z.output<typeof emailOptions>,
    { timeoutMs, network = networkOf() }: ChannelEnvironment = {},
  ) {
    assertInstalled();
    const { host = '', secure, port = PORTS[secure], user, password = '', from = [] } = options;
    const timeouts = {
      connection: timeoutMs ?? options.timeout,
      greeting: timeoutMs ?? options.greetingTimeout,
      data: timeoutMs ?? options.dataTimeout,
    };
    this.minLevel = options.minLevel;
    // A server that says something in time may take this long: to greet, then for the envelope and for the text.
    this.timeoutMs = timeouts.connection + timeouts.greeting + 2 * timeouts.data;
    this.#from = mailboxes(from);
    this.#to = mailboxes(options.to);
    this.#server = {
      host,
      port,
      secure,
      login: user === undefined ? undefined : { user, password },
      ca: network.ca,
      timeouts,
      secrets: [password, base64(password), base64(`\0${user ?? ''}\0${password}`)].flatMap(secretsOfToken),
    };
  }

  async send(notification: AlertNotification, signal: AbortSignal): Promise<void> {
    try {
      await this.#send(notification, 'full', signal);
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.outcome !== 'too_large') throw error;
      await this.#send(notification, 'short', signal);
    }
  }

  async #send(notification: AlertNotification, size: MessageSize, signal: AbortSignal): Promise<void> {
    const [sender = NOBODY, ...others] = this.#from;
    const domain = sender.address.split('@').at(-1) ?? 'localhost';
    const { composed, sendOnce } = await import('./smtp-session.js');
    const content = await composed({
      ...emailMessage(notification, domain, size),
      from: [...this.#from],
      // RFC 5322, section 3.6.2
      ...(others.length === 0 ? {} : { sender }),
      to: [...this.#to],
    });
    const key = messageKey(notification);
    const have = this.#accepted.get(key) ?? new Set<string>();
    const to = this.#to.map(({ address }) => address).filter((address) => !have.has(address));
    const refused = await sendOnce(this.#server, { from: sender.address, to, content }, signal);
    const without = new Set(refused.map(({ recipient }) => recipient));
    this.#settle(key, new Set([...have, ...to.filter((address) => !without.has(address))]), refused);
  }

  /** @throws DeliveryError when nobody has the message, or somebody may have it later */
  #settle(key: string, have: ReadonlySet<string>, refused: readonly SmtpRefusal[]): void {
    const { secrets } = this.#server;
    if (have.size === 0) throw refusedByAll(refused, secrets);
    const putOff = refused.find((refusal) => fateOf(refusal) === 'put off');
    if (putOff !== undefined) {
      this.#accepted.set(key, have);
      for (const oldest of this.#accepted.keys()) {
        if (this.#accepted.size <= REMEMBERED_MESSAGES) break;
        this.#accepted.delete(oldest);
      }
      throw new DeliveryError(
        'transient',
        `${have.size} of ${this.#to.length} recipients have the message, and the mail server puts others off (${excerpt(putOff.reply.text, secrets)}).`,
      );
    }
    this.#accepted.delete(key);
    if (refused.length === 0) return;
    const fates = [...new Set(refused.map(fateOf))].join(', ');
    this.#logger.warn(
      `The mail server refused ${refused.length} of ${this.#to.length} recipients of an alert (${fates}); the others have it. Check alerts.email.to.`,
    );
  }
}

function mailboxes(written: readonly string[]): readonly MailAddress[] {
  return written.flatMap((one) => parseMailAddress(one) ?? []);
}

/** An application without e-mail does not install what sends it. */
function assertInstalled(): void {
  try {
    createRequire(__filename).resolve('nodemailer');
  } catch (cause) {
    throw new Error('Alerts by e-mail need the package nodemailer: npm install nodemailer.', { cause });
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
