import { isHttpUrl } from '@opensqt/trading-events/options';
import { decoded } from '../channels/http/redact';
import { isHeaders } from '../options/http-headers.option';
import type { ResolvedOtlp } from '../options/otlp.options';

const PATH = 'v1/metrics';
const PREFIX = 'OTEL_EXPORTER_OTLP_';

/** The address that the metrics go to, and the headers of the requests: both may hold secrets. */
export interface Destination {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The destination that the options name, or where they leave that to it, the environment. Of the variables those for metrics come first, as
 * they are; an empty one is none.
 *
 * @returns undefined where nothing is exported
 * @throws TypeError when a variable holds no address; the message does not repeat it
 */
export function destinationOf(options: ResolvedOtlp, env: Environment): Destination | undefined {
  const variable = (name: string): string | undefined =>
    (options.environment && env[`${PREFIX}${name}`]?.trim()) || undefined;
  const url =
    addressed(options.endpoint) ??
    named('METRICS_ENDPOINT', variable('METRICS_ENDPOINT'), (text) => text) ??
    named('ENDPOINT', variable('ENDPOINT'), (text) => below(text));
  if (url === undefined) return undefined;
  const headers = options.headers ?? {
    ...headersIn('HEADERS', variable('HEADERS')),
    ...headersIn('METRICS_HEADERS', variable('METRICS_HEADERS')),
  };
  return { url, headers };
}

function addressed(endpoint: string | undefined): URL | undefined {
  if (endpoint === undefined) return undefined;
  const { pathname } = new URL(endpoint);
  return new URL(pathname.endsWith(`/${PATH}`) ? endpoint : below(endpoint));
}

function below(endpoint: string): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${PATH}`;
  return url.href;
}

function named(name: string, text: string | undefined, full: (text: string) => string): URL | undefined {
  if (text === undefined) return undefined;
  if (isHttpUrl(text)) return new URL(full(text));
  throw new TypeError(
    `${PREFIX}${name} is not a complete http:// or https:// URL (not shown: it may hold a secret). Correct it, or name the collector in telemetry.otlp.endpoint.`,
  );
}

/** `key=value,key=value`, percent-encoded: https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables */
function headersIn(variable: string, text = ''): Readonly<Record<string, string>> {
  const pairs = text.split(',').flatMap((pair) => {
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    return name === undefined || value === undefined ? [] : [[decoded(name), decoded(value)] as const];
  });
  const headers = Object.fromEntries(pairs);
  if (isHeaders(headers)) return headers;
  throw new TypeError(
    `${PREFIX}${variable} holds what no request can have as a header: a name that is none, one that the request sets itself (host, content-length), or a line break or another character that is not printable ASCII in a value (not shown: it may be a secret). Correct it, or name the headers in telemetry.otlp.headers.`,
  );
}
