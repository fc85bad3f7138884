import {
  flag,
  httpUrl,
  neededWhileEnabled,
  scalar,
  text,
  withoutLineBreak,
} from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level, requestTimeout } from '../channel-keys';

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
  read: (raw) => {
    const headers = withoutLineBreaks(raw);
    return isHeaders(headers) ? headers : undefined;
  },
  explain: (raw) => {
    const framing = FRAMING.find((name) => Object.keys(raw ?? {}).some((key) => key.toLowerCase() === name));
    return framing && `names of HTTP headers without ${framing}, which the request sets itself`;
  },
  hidden: true,
});

/** A value that comes from a file ends with a line break that is no part of it. */
function withoutLineBreaks(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null) return raw;
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? withoutLineBreak(value) : value,
    ]),
  );
}

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
    /** Notifies the webhook. Needs `url`. @default false */
    enabled: flag.prefault(false),
    /** The address that alerts are posted to. */
    url: httpUrl('the http or https URL that alerts are posted to', { secret: true }).optional(),
    /** Key of the signature in `X-OpenSQT-Signature`; without one there is none. */
    secret: text({ allowed: 'a secret text', secret: true }).optional(),
    /** Headers of each request, such as `Authorization`. */
    headers: headers.optional(),
    /** The webhook is notified from this level on. @default 'INFO' */
    minLevel: level.prefault('INFO'),
    /** A request that takes longer may have arrived, and is sent once more. @unit ms @default '30s' */
    timeout: requestTimeout,
  })
  .superRefine(neededWhileEnabled('alerts.webhook', ['url']))
  .prefault({})
  .describe('A program of your own that takes alerts as JSON: see docs/channels.md.');
