import {
  HIDDEN,
  TIMER_MAX,
  choice,
  duration,
  flag,
  neededWhileEnabled,
  strangeEnd,
  text,
  wholeNumber,
  withoutLineBreak,
} from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level, requestTimeout } from '../channel-keys';
import { parseMailAddress, splitMailAddresses } from './mail-address';

const ADDRESS = 'an address such as eve@desk.example or "Eve <eve@desk.example>"';

/** A list of addresses, or a text with one of them, or with what `entriesOf` finds in it; never shown. */
function addresses(
  entriesOf = (text: string): readonly string[] => [text],
): z.ZodType<readonly string[], string | readonly string[]> {
  const text = { type: 'string' };
  return z
    .unknown()
    .transform((raw, context): readonly string[] => {
      const written = typeof raw === 'string' ? entriesOf(withoutLineBreak(raw)) : raw;
      if (!Array.isArray(written)) {
        context.addIssue({ code: 'custom', message: `${ADDRESS}, or a list of them`, params: HIDDEN });
        return z.NEVER;
      }
      return written.flatMap((one: unknown, index) => {
        const entry = typeof one === 'string' ? withoutLineBreak(one) : '';
        const strange = strangeEnd(entry);
        if (strange === undefined && parseMailAddress(entry) !== undefined) return [entry.trim()];
        const message = strange === undefined ? ADDRESS : `${ADDRESS}, ${strange}`;
        const path = Array.isArray(raw) ? [index] : [];
        context.addIssue({ code: 'custom', path, message, params: HIDDEN });
        return [];
      });
    })
    .meta({ title: 'addresses', anyOf: [text, { type: 'array', items: text }] }) as unknown as ReturnType<
    typeof addresses
  >;
}

/** E-mail. */
export const emailOptions = z
  .strictObject({
    /** Sends e-mails. Needs `host`, `from` and `to`. @default false */
    enabled: flag.prefault(false),
    /** The mail server. */
    host: text({ allowed: 'a host name or an IP address' }).optional(),
    /** Its port. Absent: 587 with `starttls`, 465 with `tls`, 25 with `none`. */
    port: wholeNumber({ min: 1, max: 65_535 }).optional(),
    /** `starttls` and `tls` refuse a certificate that is not trusted; `none` sends the password as it is. @default 'starttls' */
    secure: choice(['starttls', 'tls', 'none']).prefault('starttls'),
    /** The user that logs in. Absent: nobody does. */
    user: text({ allowed: 'the name of a user', hidden: true }).optional(),
    /** The user's password. */
    password: text({ allowed: 'a secret text', secret: true }).optional(),
    /** The sender: `alerts@desk.example`, or `OpenSQT <alerts@desk.example>`; a list where there are several, the first of which sends. */
    from: addresses().optional(),
    /** The recipients: a list, or a text with commas between them; a name with a comma is in quotation marks. @default [] */
    to: addresses(splitMailAddresses).prefault([]),
    /** E-mails are sent from this level on. @default 'INFO' */
    minLevel: level.prefault('INFO'),
    /** Limit of the connection, TLS included. @unit ms @default '30s' */
    timeout: requestTimeout,
    /** Limit of the wait for the server's greeting: RFC 5321 asks for 5 minutes. @unit ms @default '5m' */
    greetingTimeout: duration({ min: '100ms', max: TIMER_MAX }).prefault('5m'),
    /** Limit of the wait for any later answer, that to the text included: RFC 5321 asks for 10 minutes. @unit ms @default '10m' */
    dataTimeout: duration({ min: '100ms', max: TIMER_MAX }).prefault('10m'),
  })
  .superRefine(neededWhileEnabled('alerts.email', ['host', 'from', 'to']))
  .prefault({})
  .describe('E-mail, through an SMTP server.');
