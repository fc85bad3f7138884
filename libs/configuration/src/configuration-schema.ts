import {
  alertsSection,
  allowedHostsOption,
  consoleOptions,
  eventLogOptions,
  nameOption,
  publicOption,
  sharedTokens,
  telemetryOptions,
  tokenOption,
  tokensOption,
  trustedProxiesOption,
  unknownChannels,
} from '@opensqt/observability/options';
import {
  type ResolvedSymbol,
  oneQuoteCurrency,
  pricedSymbols,
  symbolsOnce,
  tradableSizes,
  tradingSections,
} from '@opensqt/trading/options';
import { listeningPort, rule, secretsIn, text } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** The address that the process listens on. */
const server = z
  .strictObject({
    /** Address that is listened on; `0.0.0.0` for every interface. */
    host: text({ allowed: 'a host name or an IP address' }).prefault('127.0.0.1'),
    /** Port that is listened on; 0 takes a free one. */
    port: listeningPort.prefault(8080),
    /** Bearer token for requests that change state; without one, and without `tokens` that may, they are refused. What is done with it is recorded as done by `token`. */
    token: tokenOption.optional(),
    /** Named tokens: what is done with one is recorded under its name. */
    tokens: tokensOption,
    /** Names besides `localhost` and the address that requests on loopback may be for; others are refused. */
    allowedHosts: allowedHostsOption,
    /** The areas that may be read without a token from beyond this machine: `health`, `metrics`, `alerts`, `console`. On it everything may. */
    public: publicOption.prefault(['health']),
    /** Addresses or ranges, such as `10.0.0.0/8`, of the reverse proxies whose `X-Forwarded-*` is believed. */
    trustedProxies: trustedProxiesOption,
    /** The path that a reverse proxy serves this under, such as `/bot`. Absent: what a trusted one says with `X-Forwarded-Prefix`. */
    basePath: text({ allowed: 'a path such as /bot', pattern: /^(\/[\w.-]+)+$/ }).optional(),
  })
  .superRefine(
    rule(['token', 'tokens'], ({ token, tokens }) =>
      sharedTokens({ apiToken: token, apiTokens: tokens }, ['tokens']),
    ),
  )
  .prefault({})
  .describe('Where `/health`, `/metrics` and the alerts API are served.');

/** The one source of the configuration: what is read, what it defaults to, and what documents say about it. */
export const configurationSchema = z
  .strictObject({
    name: nameOption,
    server,
    console: consoleOptions,
    telemetry: telemetryOptions(true),
    eventLog: eventLogOptions('sqlite'),
    ...tradingSections(),
    alerts: alertsSection('npm run -s'),
  })
  .superRefine(
    rule(
      ['server.port', 'telemetry.metricsPort', 'telemetry.metricsEnabled'],
      ({ server: { port }, telemetry: { metricsEnabled, metricsPort } }) => {
        if (!metricsEnabled || metricsPort !== port || port === 0) return undefined;
        const allowed = 'another port, or no such key to have /metrics on server.port';
        return { path: ['telemetry', 'metricsPort'], found: `${port}, which is server.port too`, allowed };
      },
    ),
  )
  .superRefine(symbolsOnce)
  .superRefine(pricedSymbols())
  .superRefine(tradableSizes())
  .superRefine(oneQuoteCurrency())
  .superRefine(rule(['alerts'], ({ alerts }) => unknownChannels({ alerts })));

/** The file's content with the defaults of each key; values that depend on other keys are still open. */
export type WrittenConfiguration = z.output<typeof configurationSchema>;

/**
 * The configuration that the process runs on: every default resolved, durations in milliseconds, money as decimal
 * strings, paths absolute. Keys are those of the file in camelCase: sections are options of the libs as they are.
 */
export type Configuration = Omit<WrittenConfiguration, 'symbols'> & {
  readonly symbols: readonly ResolvedSymbol[];
};

/** Every value that must not be printed. */
export function secretsOf(configuration: Configuration): readonly string[] {
  return secretsIn(configurationSchema, configuration);
}
