import { AlertLevel, type EpochMs } from '@opensqt/trading-events';
import type { PendingDelivery } from '../model/alerts.state';
import { BinaryHeap } from './binary-heap';

/** The place of a message in the queue. A new one replaces it when it is scheduled anew; heaps may still hold the old one. */
interface Place {
  readonly deliveryId: string;
  readonly fingerprint: string;
  readonly critical: boolean;
  /** Order of the requests. */
  readonly sequence: number;
  readonly dueAt: EpochMs;
}

/**
 * One channel's messages that have not ended, arranged so that the next one is found without looking at the others: a
 * backlog of ten thousand must not make each step ten thousand times as long.
 *
 * Messages about one thing stand in a line; only the first of each line can be next. Among those that are due, CRITICAL goes
 * first, then the oldest request.
 */
export class DeliveryQueue {
  private readonly lines = new Map<string, string[]>();
  private readonly places = new Map<string, Place>();
  private readonly waiting = new BinaryHeap<Place>((a, b) => a.dueAt < b.dueAt);
  private readonly ready = new BinaryHeap<Place>((a, b) =>
    a.critical === b.critical ? a.sequence < b.sequence : a.critical,
  );
  private requests = 0;

  /** A message was requested. */
  add({ deliveryId, fingerprint, notice, nextAttemptAt: dueAt }: QueuedDelivery): void {
    if (this.places.has(deliveryId)) return;
    const critical = notice.level === AlertLevel.Critical;
    this.places.set(deliveryId, { deliveryId, fingerprint, critical, sequence: this.requests++, dueAt });
    const line = this.lines.get(fingerprint);
    if (line !== undefined) line.push(deliveryId);
    else {
      this.lines.set(fingerprint, [deliveryId]);
      this.comeForward(deliveryId);
    }
  }

  /** An attempt has begun: until it has ended, neither the message nor one behind it is next. */
  begin(deliveryId: string): void {
    const place = this.places.get(deliveryId);
    if (place !== undefined) this.places.set(deliveryId, { ...place });
  }

  /** An attempt failed, and there will be another one. */
  reschedule(deliveryId: string, dueAt: EpochMs): void {
    const place = this.places.get(deliveryId);
    if (place === undefined) return;
    this.places.set(deliveryId, { ...place, dueAt });
    if (this.lines.get(place.fingerprint)?.[0] === deliveryId) this.comeForward(deliveryId);
  }

  /** A message has ended. */
  remove(deliveryId: string): void {
    const place = this.places.get(deliveryId);
    if (place === undefined) return;
    this.places.delete(deliveryId);
    const line = this.lines.get(place.fingerprint) ?? [];
    line.splice(line.indexOf(deliveryId), 1);
    const [next] = line;
    if (next === undefined) this.lines.delete(place.fingerprint);
    else this.comeForward(next);
  }

  /** The message whose turn it is; undefined when none is due. */
  next(now: EpochMs): string | undefined {
    for (let place = this.first(this.waiting); place !== undefined && place.dueAt <= now;) {
      this.waiting.pop();
      this.ready.push(place);
      place = this.first(this.waiting);
    }
    return this.first(this.ready)?.deliveryId;
  }

  /** The time at which the next message is due, possibly past; undefined when there is none. */
  nextDueAt(): EpochMs | undefined {
    return (this.first(this.ready) ?? this.first(this.waiting))?.dueAt;
  }

  private comeForward(deliveryId: string): void {
    const place = this.places.get(deliveryId);
    if (place !== undefined) this.waiting.push(place);
  }

  /** The first that still holds. */
  private first(heap: BinaryHeap<Place>): Place | undefined {
    for (let place = heap.peek(); place !== undefined; place = heap.peek()) {
      if (this.places.get(place.deliveryId) === place) return place;
      heap.pop();
    }
    return undefined;
  }
}

type QueuedDelivery = Pick<PendingDelivery, 'deliveryId' | 'fingerprint' | 'notice' | 'nextAttemptAt'>;
