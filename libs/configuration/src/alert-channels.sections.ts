import { AlertLevel } from '@opensqt/trading-events';
import { z } from 'zod';
import { duration } from './duration';
import { choice, flag, httpUrl, scalar, text, wholeNumber } from './scalar';
import { section } from './section';

const level = choice(Object.values(AlertLevel));
const enabled = flag.prefault(false);
const secret = text({ allowed: 'a secret text', hidden: true }).exactOptional();
const address = text({
  allowed: 'an address such as eve@desk.example or "Eve <eve@desk.example>"',
  pattern: /^([^<>,;:@]*<[^\s<>,;:"@]+@[^\s<>,;:"@]+>|[^\s<>,;:"@]+@[^\s<>,;:"@]+)$/,
  hidden: true,
});

/** Names and values of HTTP headers; hidden as a whole, since the values are often keys. */
const headers = scalar<Readonly<Record<string, string>>>({
  allowed: 'names of HTTP headers with their values, as text',
  hint: { title: 'names and values', type: 'object', additionalProperties: { type: 'string' } },
  read: (raw) => (isHeaders(raw) ? raw : undefined),
  hidden: true,
});

function isHeaders(raw: unknown): raw is Readonly<Record<string, string>> {
  return (
    typeof raw === 'object' &&
    raw !== null &&
    Object.entries(raw).every(
      ([name, value]) =>
        /^[\w!#$%&'*+.^`|~-]+$/.test(name) && typeof value === 'string' && /^[\t\x20-\x7e]+$/.test(value),
    )
  );
}

/** A program of the operator's own. */
export const webhook = section('A program of your own that takes alerts as JSON: see docs/channels.md.', {
  enabled: enabled.describe('Whether the webhook is told. Needs `url`.'),
  url: httpUrl('the http or https URL that alerts are posted to')
    .exactOptional()
    .describe('Where alerts are posted. A secret.'),
  secret: secret.describe(
    'Key of the signature in `X-OpenSQT-Signature`; without one there is none. A secret.',
  ),
  headers: headers
    .exactOptional()
    .describe('Headers that are sent with each alert, such as `Authorization`. Secrets.'),
  min_level: level.prefault('INFO').describe('Least level that the webhook is told.'),
});

/** PagerDuty. */
export const pagerduty = section('PagerDuty, through the Events API v2.', {
  enabled: enabled.describe('Whether PagerDuty is told. Needs `routing_key`.'),
  routing_key: secret.describe('Integration key of an Events API v2 integration. A secret.'),
  min_level: level
    .prefault('ERROR')
    .describe('Least level that pages somebody. INFO alerts are never resolved: their incidents stay open.'),
  api_root: httpUrl('the http or https URL of the Events API')
    .prefault('https://events.pagerduty.com')
    .describe('The Events API: https://events.eu.pagerduty.com for accounts in the EU.'),
});

/** Discord. */
export const discord = section('A Discord webhook.', {
  enabled: enabled.describe('Whether Discord is told. Needs `webhook_url`.'),
  webhook_url: httpUrl("the http or https URL of a channel's webhook")
    .exactOptional()
    .describe("The webhook's URL; with `?thread_id=` for a thread. A secret."),
  min_level: level.prefault('INFO').describe('Least level that Discord is told.'),
});

/** Prometheus Alertmanager. */
export const alertmanager = section('Prometheus Alertmanager, through its API v2.', {
  enabled: enabled.describe('Whether Alertmanager is told. Needs `urls`.'),
  urls: z
    .array(
      httpUrl('the http or https URL of an Alertmanager').describe(
        'Every instance of the cluster, with its route prefix.',
      ),
    )
    .prefault([]),
  ends_after: duration({ least: 60_000 })
    .prefault('24h')
    .describe('How long an open alert lasts at Alertmanager if nothing more is heard of it.'),
  generator_url: httpUrl('an http or https URL')
    .exactOptional()
    .describe('A page that shows the alerts, which Alertmanager links to.'),
  min_level: level
    .prefault('WARNING')
    .describe('Least level that Alertmanager is told. INFO alerts are never resolved: they stay active.'),
});

/** E-mail. */
export const email = section('E-mail, through an SMTP server.', {
  enabled: enabled.describe('Whether e-mails are sent. Needs `host`, `from` and `to`.'),
  host: text({ allowed: 'a host name or an IP address' }).exactOptional().describe('The mail server.'),
  port: wholeNumber({ min: 1, max: 65_535 })
    .exactOptional()
    .describe('Its port. Absent: 587 with `starttls`, 465 with `tls`, 25 with `none`.'),
  secure: choice(['starttls', 'tls', 'none'])
    .prefault('starttls')
    .describe('How the connection is protected; with `none` the password is sent as it is.'),
  user: text({ allowed: 'the name of a user', hidden: true })
    .exactOptional()
    .describe('Who logs in. Absent: nobody does.'),
  password: secret.describe("The user's password. A secret."),
  from: address.exactOptional().describe('The sender.'),
  to: z.array(address.describe('Who is written to.')).prefault([]),
  min_level: level.prefault('INFO').describe('Least level that is written about.'),
});
