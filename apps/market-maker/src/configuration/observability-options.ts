import type { ObservabilityOptions } from '@opensqt/observability';
import { camelCased } from './camel-case';
import type { Configuration } from './configuration-schema';

/**
 * What of the configuration the observability module is told. A `/metrics` of its own is on the server's host.
 *
 * @returns plain options, to which the application adds its clock, its version and its own channels
 * @example
 * ObservabilityModule.forRoot({ ...observabilityOptions(configuration), version: '1.2.0' });
 */
export function observabilityOptions(configuration: Configuration) {
  const { headers } = configuration.alerts.webhook;
  const alerts = camelCased(configuration.alerts);
  return {
    telemetry: { ...camelCased(configuration.telemetry), metricsHost: configuration.server.host },
    // The names of headers are not ours to spell.
    alerts: { ...alerts, webhook: { ...alerts.webhook, ...(headers === undefined ? {} : { headers }) } },
    eventLog: camelCased(configuration.event_log),
    symbols: configuration.symbols.map(({ symbol }) => symbol),
  } satisfies ObservabilityOptions;
}
