import { scalar, withoutLineBreak } from '@opensqt/trading-events/options';

/** Headers that the request sets itself. */
const FRAMING = ['content-length', 'transfer-encoding', 'connection', 'host'];

/** Names and values of HTTP headers; hidden as a whole, since the values are often keys. */
export const httpHeaders = scalar<Readonly<Record<string, string>>>({
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

/** True for headers that a request can have. */
export function isHeaders(raw: unknown): raw is Readonly<Record<string, string>> {
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
