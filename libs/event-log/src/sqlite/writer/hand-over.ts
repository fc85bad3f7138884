import type { AppendQueue, QueuedAppend } from '../../engine/append-queue';
import type { RingProducer } from './append-ring';

/** Puts a queue's appends into a ring, as many as it has room for, and knows how far it has got. */
export class HandOver {
  /** Appends at the head of the queue that are in the thread's hands. */
  private appends = 0;
  /** Frames of the append after them that are. */
  private frames = 0;

  constructor(private readonly queue: AppendQueue) {}

  /** Whether everything in the queue is handed over but for the append that was added last. */
  get lacksOnlyTheLast(): boolean {
    return this.appends === this.queue.length - 1;
  }

  /** Nothing is handed over any more: there is another ring. */
  restart(): void {
    this.appends = 0;
    this.frames = 0;
  }

  /** So many appends have left the queue. */
  acknowledged(appends: number): void {
    this.appends -= appends;
  }

  /** Goes on; where there is no room, the thread tells when there is. */
  push(ring: RingProducer): void {
    for (let append = this.queue.at(this.appends); append; append = this.queue.at(this.appends)) {
      const frames = append.events.length + append.checkpoints.length;
      for (; this.frames < frames; this.frames++) {
        if (!putFrame(ring, append, this.frames, this.frames === frames - 1)) return ring.askForRoom();
      }
      this.frames = 0;
      this.appends += 1;
    }
  }
}

function putFrame(ring: RingProducer, append: QueuedAppend, index: number, last: boolean): boolean {
  const event = append.events[index];
  if (event !== undefined) return ring.putEvent(event, last);
  const checkpoint = append.checkpoints[index - append.events.length];
  return checkpoint === undefined || ring.putCheckpoint(checkpoint, last);
}
