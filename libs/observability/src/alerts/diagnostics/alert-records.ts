import type { AlertEvent, DeliveryRequested } from '@opensqt/trading-events';

/** The reasons to wait for a digest. */
const WAITS = ['throttled', 'quiet_hours'];

/** Finds what the log has about an alert: its own events, and the digests that channels were notified of it by. */
export class AlertRecords {
  /** By channel: the reason that it waits there for a digest. */
  private readonly waiting = new Map<string, string>();
  /** By channel: true where it had a message of its own. */
  private readonly notified = new Map<string, boolean>();
  /** The ids of those digests' deliveries. */
  private readonly digests = new Set<string>();
  private isOver = false;

  constructor(private readonly alertId: string) {}

  /** Takes the next of the alerts' events; true where it is about the alert. */
  isAbout({ type, data }: AlertEvent): boolean {
    if (!('alertId' in data)) return false;
    if (data.alertId !== this.alertId) {
      if (type === 'delivery.requested' && data.kind === 'digest') this.digest(data);
      return 'deliveryId' in data && this.digests.has(data.deliveryId);
    }
    switch (type) {
      case 'alert.raised':
        this.isOver = data.oneOff;
        break;
      case 'alert.resolved':
        this.isOver = true;
        for (const [channel, reason] of this.waiting)
          if (this.notified.get(channel) === true || (reason === 'quiet_hours' && this.notified.has(channel)))
            this.waiting.delete(channel); // its end is another message
        break;
      case 'alert.suppressed':
        if (data.channel === undefined) break;
        if (WAITS.includes(data.reason)) this.waiting.set(data.channel, data.reason);
        else this.waiting.delete(data.channel);
        break;
      case 'delivery.requested':
        this.waiting.delete(data.channel);
        this.notified.set(data.channel, true);
        break;
      default:
    }
    return true;
  }

  /** A digest has what waits for room, and of what quiet hours held what is over. One that is sent again has what it had. */
  private digest({ deliveryId, channel, resendOf }: DeliveryRequested): void {
    if (resendOf !== undefined) {
      if (this.digests.has(resendOf)) this.digests.add(deliveryId);
      return;
    }
    const reason = this.waiting.get(channel);
    if (reason === undefined || (reason === 'quiet_hours' && !this.isOver)) return;
    this.waiting.delete(channel);
    this.notified.set(channel, this.notified.get(channel) === true);
    this.digests.add(deliveryId);
  }
}
