import { type Channel, LOG_CHANNEL } from './channel-route';

/** A route as the options have it. */
type ConfiguredRoute = Omit<Channel, 'name' | 'minLevel'> & { readonly channel: string };

/**
 * The route of each channel in use: its own level and what the options say of it.
 *
 * @throws Error when the options name a channel that is not in use, or the log
 */
export function routesOf(
  channels: readonly Pick<Channel, 'name' | 'minLevel' | 'acknowledgements' | 'opensIncidents'>[],
  configured: readonly ConfiguredRoute[],
): readonly Channel[] {
  const names = channels.map(({ name }) => name);
  for (const { channel } of configured) {
    if (channel === LOG_CHANNEL)
      throw new Error('alerts.routes: the log gets everything and takes no route.');
    if (!names.includes(channel)) {
      throw new Error(`alerts.routes: there is no channel '${channel}'. In use: ${names.join(', ')}.`);
    }
  }
  return channels.map(({ name, minLevel, acknowledgements, opensIncidents }) => {
    const { channel: _name, ...route } = configured.find(({ channel }) => channel === name) ?? {
      channel: name,
    };
    return { name, minLevel, acknowledgements, opensIncidents, ...route };
  });
}
