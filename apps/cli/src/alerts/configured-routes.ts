import { type Route, routesOf } from '@opensqt/observability';
import type { AlertLevel } from '@opensqt/trading-events';
import { observabilityOptions } from '@opensqt/configuration';
import type { Configuration } from '@opensqt/configuration';

/** What each configured channel would be told of, without making any: nothing can be sent from here. */
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
