import type { AlertEvent, EpochMs } from '@opensqt/trading-events';
import type { AlertsState } from '../model/alerts.state';
import { DeliveryQueue } from './delivery-queue';

/** Every channel's queue. Made from the alerts' state once, and then kept in step with it by the same events. */
export class DeliveryQueues {
  private readonly queues = new Map<string, DeliveryQueue>();

  /**
   * The queues of what is pending.
   *
   * @param now wall clock
   * @param longestBackoff a message that is due later than that was scheduled by a clock that has been set back since, and is
   *   due then. (A channel's pause is kept apart, and holds.)
   */
  static of(state: AlertsState, now: EpochMs, longestBackoff: number): DeliveryQueues {
    const queues = new DeliveryQueues();
    for (const delivery of state.pending.values()) {
      const nextAttemptAt = Math.min(delivery.nextAttemptAt, now + longestBackoff);
      const queue = queues.for(delivery.channel);
      queue.add({ ...delivery, nextAttemptAt });
      if (delivery.inFlight) queue.begin(delivery.deliveryId);
    }
    return queues;
  }

  for(channel: string): DeliveryQueue {
    let queue = this.queues.get(channel);
    if (queue === undefined) this.queues.set(channel, (queue = new DeliveryQueue()));
    return queue;
  }

  /** Takes an event on, as the state has. */
  follow(event: AlertEvent): void {
    switch (event.type) {
      case 'delivery.requested':
        return this.for(event.data.channel).add({ ...event.data, nextAttemptAt: event.data.requestedAt });
      case 'delivery.started':
        return this.for(event.data.channel).begin(event.data.deliveryId);
      case 'delivery.failed':
        return this.for(event.data.channel).reschedule(event.data.deliveryId, event.data.nextAttemptAt);
      case 'delivery.succeeded':
      case 'delivery.abandoned':
        return this.for(event.data.channel).remove(event.data.deliveryId);
      case 'alert.raised':
      case 'alert.escalated':
      case 'alert.suppressed':
      case 'alert.acknowledged':
      case 'alert.resolved':
      case 'silence.created':
      case 'silence.expired':
      case 'summary.closed':
      case 'channel.tested':
      case 'incident.planned':
        return;
    }
  }
}
