import type { ObservabilityOptions, RouteOptions } from '@opensqt/observability';
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
  const { routes, ...channels } = configuration.alerts;
  const { headers } = channels.webhook;
  const alerts = camelCased(channels);
  return {
    telemetry: { ...camelCased(configuration.telemetry), metricsHost: configuration.server.host },
    alerts: {
      ...alerts,
      // The names of headers are not ours to spell.
      webhook: { ...alerts.webhook, ...(headers === undefined ? {} : { headers }) },
      routes: routes.map(routeOptions),
    },
    eventLog: camelCased(configuration.event_log),
    ...(configuration.server.token === undefined ? {} : { apiToken: configuration.server.token }),
    symbols: configuration.symbols.map(({ symbol }) => symbol),
  } satisfies ObservabilityOptions;
}

function routeOptions({ match, ...route }: Configuration['alerts']['routes'][number]): RouteOptions {
  return { ...camelCased(route), match: Object.fromEntries(match) };
}
