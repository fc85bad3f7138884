import { type Route, routesOf } from '@opensqt/observability';
import type { AlertLevel } from '@opensqt/trading-events';
import { type Configuration, observabilityOptions } from '@opensqt/configuration';

/** The routes of the configured channels, without making any: nothing can be sent from here. */
export function configuredRoutes(configuration: Configuration): readonly Route[] {
  const { alerts } = configuration;
  const channels = Object.entries(alerts).flatMap(([name, part]) =>
    typeof part === 'object' && 'enabled' in part && part.enabled
      ? [{ name, minLevel: part.min_level as AlertLevel }]
      : [],
  );
  return routesOf(
    [{ name: 'log' }, ...(alerts.enabled ? channels : [])],
    alerts.enabled ? observabilityOptions(configuration).alerts.routes : [],
  );
}
