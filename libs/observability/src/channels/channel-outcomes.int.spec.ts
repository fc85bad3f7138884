import { BUILT_IN_CHANNELS } from './testing/built-in-channels';
import { describeChannelContract } from './testing/channel.contract';

for (const [name, contract] of Object.entries(BUILT_IN_CHANNELS)) describeChannelContract(name, contract);
