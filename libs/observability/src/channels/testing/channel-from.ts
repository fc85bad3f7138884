import type { z } from 'zod';
import type { AlertChannel } from '../channel';
import type { ChannelDefinition, ChannelEnvironment, ChannelSection } from '../channel-definition';

/** Constructs a built-in channel from its options as they are written in code, enabled. */
export function channelFrom<Options extends z.ZodType<ChannelSection>>(
  { construct, options }: ChannelDefinition<string, Options>,
  given: Omit<NonNullable<z.input<Options>>, 'enabled'>,
  environment?: ChannelEnvironment,
): AlertChannel {
  return construct(options.parse({ enabled: true, ...given }), environment);
}
