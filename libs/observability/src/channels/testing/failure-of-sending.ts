import type { AlertChannel, AlertNotification } from '../channel';
import { DeliveryError } from '../delivery-error';
import { notification } from './notification';

/** Sends, and returns the error that it failed with; undefined when it was delivered. Any other error is thrown. */
export async function failureOfSending(
  channel: AlertChannel,
  signal: AbortSignal = new AbortController().signal,
  message: AlertNotification = notification(),
): Promise<DeliveryError | undefined> {
  try {
    await channel.send(message, signal);
    return undefined;
  } catch (error) {
    if (error instanceof DeliveryError) return error;
    throw error;
  }
}
