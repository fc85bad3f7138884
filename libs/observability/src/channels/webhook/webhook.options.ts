import { flag, httpUrl, neededWhileEnabled, scalar, text } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level } from '../channel-level';

/** Headers that the request sets itself. */
const FRAMING = ['content-length', 'transfer-encoding', 'connection', 'host'];

/** Names and values of HTTP headers; hidden as a whole, since the values are often keys. */
const headers = scalar<Readonly<Record<string, string>>>({
  allowed: 'names of HTTP headers with their values, as text',
  hint: {
    title: 'names and values',
    secret: true,
    type: 'object',
    additionalProperties: { type: 'string' },
  },
  read: (raw) => (isHeaders(raw) ? raw : undefined),
  explain: (raw) => {
    const framing = FRAMING.find((name) => Object.keys(raw ?? {}).some((key) => key.toLowerCase() === name));
    return framing && `names of HTTP headers without ${framing}, which the request sets itself`;
  },
  hidden: true,
});

function isHeaders(raw: unknown): raw is Readonly<Record<string, string>> {
  return (
    typeof raw === 'object' &&
    raw !== null &&
    Object.entries(raw).every(
      ([name, value]) =>
        /^[\w!#$%&'*+.^`|~-]+$/.test(name) &&
        !FRAMING.includes(name.toLowerCase()) &&
        typeof value === 'string' &&
        /^[\t\x20-\x7e]+$/.test(value),
    )
  );
}

/** A program of the operator's own. */
export const webhookOptions = z
  .strictObject({
    /** @default false */
    enabled: flag.prefault(false).describe('Whether the webhook is notified. Needs `url`.'),
    /** The address that alerts are posted to. A secret. */
    url: httpUrl('the http or https URL that alerts are posted to', { secret: true })
      .optional()
      .describe('Where alerts are posted.'),
    /** Key of the signature in `X-OpenSQT-Signature`. Absent: requests are not signed. A secret. */
    secret: text({ allowed: 'a secret text', secret: true })
      .optional()
      .describe('Key of the signature in `X-OpenSQT-Signature`; without one there is none.'),
    /** Sent with each request, under the names that are given. Secrets. */
    headers: headers.optional().describe('Headers that are sent with each alert, such as `Authorization`.'),
    /** Notifications below this level are not sent here. @default 'INFO' */
    minLevel: level.prefault('INFO').describe('The webhook is notified from this level on.'),
  })
  .superRefine(neededWhileEnabled('alerts.webhook', ['url']))
  .prefault({})
  .describe('A program of your own that takes alerts as JSON: see docs/channels.md.');
