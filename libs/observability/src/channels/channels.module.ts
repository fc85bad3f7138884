import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import { networkOf } from '../network/network';
import type { ResolvedOptions } from '../options/observability-options';
import { ALERT_CHANNELS, type AlertChannel } from './channel';
import type { ChannelDefinition, ChannelSection } from './channel-definition';
import { LateChannels } from './late-channels';
import { LogChannel } from './log/log.channel';
import { BUILT_IN_CHANNELS, type ChannelName } from './registry';

const definitions: readonly ChannelDefinition<ChannelName>[] = BUILT_IN_CHANNELS;

/** A built-in channel, by its class; undefined while its section is not enabled. */
function provided({ name, channel, construct }: ChannelDefinition<ChannelName>): Provider {
  return {
    provide: channel,
    inject: [OBSERVABILITY_OPTIONS],
    useFactory: ({ alerts }: ResolvedOptions) => {
      const sections: Readonly<Record<ChannelName, ChannelSection>> = alerts;
      const section = sections[name];
      return section.enabled ? construct(section, { network: networkOf(alerts) }) : undefined;
    },
  };
}

/** The classes of an application's own channels, and the modules that provide what they inject. */
interface OwnChannels {
  readonly channels: readonly Type<AlertChannel>[];
  readonly imports: NonNullable<DynamicModule['imports']>;
}

/** Constructs the channels and collects those in use. */
@Module({})
export class ChannelsModule {
  static with({ channels, imports }: OwnChannels, options: DynamicModule): DynamicModule {
    const classes = [...definitions.map(({ channel }) => channel), ...channels];
    return {
      module: ChannelsModule,
      imports: [options, ...imports],
      providers: [
        { provide: LogChannel, useFactory: () => new LogChannel() },
        ...definitions.map(provided),
        ...channels,
        LateChannels,
        {
          provide: ALERT_CHANNELS,
          inject: [OBSERVABILITY_OPTIONS, LogChannel, LateChannels, ...classes],
          useFactory: async (
            { alerts: { enabled }, channels: wanted }: ResolvedOptions,
            log: LogChannel,
            late: LateChannels,
            ...constructed: readonly (AlertChannel | undefined)[]
          ): Promise<readonly AlertChannel[]> => {
            const others = [
              ...constructed,
              ...(await late.construct(wanted.filter((channel) => !channels.includes(channel)))),
            ];
            return inUse(enabled ? [log, ...others] : [log]);
          },
        },
      ],
      exports: [ALERT_CHANNELS],
    };
  }
}

/** @throws Error when two have the same name */
function inUse(channels: readonly (AlertChannel | undefined)[]): readonly AlertChannel[] {
  const found = channels.filter((channel) => channel !== undefined);
  for (const [index, { name }] of found.entries()) {
    if (found.findIndex((other) => other.name === name) !== index) {
      throw new Error(`Two alert channels are called '${name}'. Give each a name of its own.`);
    }
  }
  return found;
}
