import { type Channel, routesOf } from '@opensqt/observability/replay';
import { enabledChannels } from '@opensqt/observability/options';
import type { Configuration } from '@opensqt/configuration';

/** The routes of the configured channels, which are not made: nothing can be sent from here. */
export function configuredRoutes({ alerts }: Configuration): readonly Channel[] {
  if (!alerts.enabled) return routesOf([{ name: 'log' }], []);
  const channels = enabledChannels(alerts).map((name) => ({ name, minLevel: alerts[name].minLevel }));
  return routesOf([{ name: 'log' }, ...channels], alerts.routes);
}
