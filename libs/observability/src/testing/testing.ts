export { type ChannelContract, describeChannelContract } from '../channels/testing/channel.contract';
export { notification } from '../channels/testing/notification';
export {
  type ReceivedRequest,
  ProviderServer,
  startProviderServer,
} from '../channels/testing/provider-server';
