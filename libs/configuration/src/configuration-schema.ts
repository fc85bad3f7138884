import {
  alertsOptions,
  eventLogOptions,
  telemetryOptions,
  unknownChannels,
} from '@opensqt/observability/options';
import { type ResolvedSymbol, pricedSymbols, symbolsOnce, tradingSections } from '@opensqt/trading/options';
import { listeningPort, rule, secretsIn, text } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** The address that the process listens on. */
const server = z
  .strictObject({
    host: text({ allowed: 'a host name or an IP address' })
      .prefault('127.0.0.1')
      .describe('Address that is listened on; `0.0.0.0` for every interface.'),
    port: listeningPort.prefault(8080).describe('Port that is listened on; 0 takes a free one.'),
    token: text({ allowed: 'a secret text without spaces', pattern: /^\S+$/, secret: true })
      .optional()
      .describe('Bearer token for requests that change state; without one they are refused.'),
  })
  .prefault({})
  .describe('Where `/health`, `/metrics`, the alerts API and the page are served.');

const { exchange, recording, symbols, risk } = tradingSections();

/** The one source of the configuration: what is read, what it defaults to, and what documents say about it. */
export const configurationSchema = z
  .strictObject({
    server,
    telemetry: telemetryOptions,
    eventLog: eventLogOptions('sqlite'),
    exchange,
    recording,
    symbols,
    risk,
    alerts: alertsOptions,
  })
  .superRefine(
    rule(
      ['server.port', 'telemetry.metricsPort', 'telemetry.metricsEnabled'],
      ({ server: { port }, telemetry: { metricsEnabled, metricsPort } }) =>
        metricsEnabled && metricsPort === port && port !== 0
          ? [
              {
                path: ['telemetry', 'metricsPort'],
                found: `${port}, which is server.port too`,
                allowed: 'another port, or no such key to have /metrics on server.port',
              },
            ]
          : [],
    ),
  )
  .superRefine(symbolsOnce)
  .superRefine(pricedSymbols())
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
