import { choice, flag, neededWhileEnabled, scalar, text, wholeNumber } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level } from '../channel-level';
import { MAIL_ADDRESS } from './mail-address';

/** One address; never shown. */
const address = scalar<string>({
  allowed: 'an address such as eve@desk.example or "Eve <eve@desk.example>"',
  hint: { title: 'text', type: 'string' },
  read: (raw) => (typeof raw === 'string' && MAIL_ADDRESS.test(raw.trim()) ? raw : undefined),
  hidden: true,
});

/** E-mail. */
export const emailOptions = z
  .strictObject({
    /** @default false */
    enabled: flag.prefault(false).describe('Whether e-mails are sent. Needs `host`, `from` and `to`.'),
    /** The mail server that takes the messages. */
    host: text({ allowed: 'a host name or an IP address' }).optional().describe('The mail server.'),
    /** @default 587 with `starttls`, 465 with `tls`, 25 with `none` */
    port: wholeNumber({ min: 1, max: 65_535 })
      .optional()
      .describe('Its port. Absent: 587 with `starttls`, 465 with `tls`, 25 with `none`.'),
    /** `starttls` and `tls` refuse a certificate that is not trusted; `none` sends the password as it is. @default 'starttls' */
    secure: choice(['starttls', 'tls', 'none'])
      .prefault('starttls')
      .describe('How the connection is protected; with `none` the password is sent as it is.'),
    /** The user that logs in. Absent: nobody does. */
    user: text({ allowed: 'the name of a user', hidden: true })
      .optional()
      .describe('The user that logs in. Absent: nobody does.'),
    /** Of the user. A secret. */
    password: text({ allowed: 'a secret text', secret: true }).optional().describe("The user's password."),
    /** The sender: `alerts@desk.example`, or `OpenSQT <alerts@desk.example>`. */
    from: address.optional().describe('The sender.'),
    /** The recipients, in the form of `from`. @default [] */
    to: z.array(address.describe('The recipients.')).prefault([]),
    /** Notifications below this level are not sent here. @default 'INFO' */
    minLevel: level.prefault('INFO').describe('E-mails are sent from this level on.'),
  })
  .superRefine(neededWhileEnabled('alerts.email', ['host', 'from', 'to']))
  .prefault({})
  .describe('E-mail, through an SMTP server.');
