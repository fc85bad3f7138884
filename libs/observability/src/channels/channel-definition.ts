import type { AlertLevel, Clock } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { Network } from '../network/network';
import type { AlertChannel } from './channel';

/** Keys that every channel's section has. */
export interface ChannelSection {
  readonly enabled: boolean;
  readonly minLevel: AlertLevel;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Dependencies of a channel besides its options: each has a default, tests give others. */
export interface ChannelEnvironment {
  /** @default the wall clock */
  readonly clock?: Clock;
  /** Milliseconds for each request, or each step of a mail server. @default the section's */
  readonly timeoutMs?: number;
  /** @default the environment's proxies, Node's own authorities */
  readonly network?: Network;
}

/** The line of a channel in the table of docs/channels.md, in Markdown. */
interface ChannelDocumentation {
  readonly needs: string;
  readonly sends: string;
  readonly deduplicatedBy: string;
}

/** A built-in channel: all that the module, the configuration and the documentation know of it. */
export interface ChannelDefinition<
  Name extends string = string,
  Options extends z.ZodType<ChannelSection> = z.ZodType<ChannelSection>,
> {
  /** Its key in `alerts`, and the channel's own name. */
  readonly name: Name;
  /** Its section, with its secrets. */
  readonly options: Options;
  /** The class, which is the injection token of the channel. */
  readonly channel: abstract new (...options: never) => AlertChannel;
  readonly documentation: ChannelDocumentation;
  /** Constructs the channel of an enabled section. */
  construct(options: z.output<Options>, environment?: ChannelEnvironment): AlertChannel;
}

/** Defines a built-in channel. */
export function defineChannel<const Name extends string, Options extends z.ZodType<ChannelSection>>({
  channel: Channel,
  ...definition
}: Pick<ChannelDefinition<Name, Options>, 'name' | 'options' | 'documentation'> & {
  readonly channel: new (options: z.output<Options>, environment?: ChannelEnvironment) => AlertChannel;
}): ChannelDefinition<Name, Options> {
  return {
    ...definition,
    channel: Channel,
    construct: (options, environment) => new Channel(options, environment),
  };
}
