import type { Checkpoint } from '../../event-log';
import type { EncodedEnvelope } from '../../engine/log-store';

/** Words at the beginning of the shared memory. */
const HEAD = 0;
const TAIL = 1;
/** Counts what the consumer is to look up for. */
const SIGNAL = 2;
/** 1 while the consumer sleeps until it is woken, however long that takes. */
const ASLEEP = 3;
/** 1 while the producer waits for room. */
const STARVED = 4;
/** Counts the producer's requests not to wait for company. */
const URGENT = 5;
const CONTROL_BYTES = 64;

/**
 * A frame: its length in bytes, flags, the lengths of the texts but the last, a gap, and two doubles; then the texts in UTF-8.
 * Lengths of texts are in UTF-16 units: the consumer decodes them in one go and cuts them apart.
 */
const HEADER_BYTES = 40;
const IS_LAST = 1;
const HAS_CAUSATION = 2;
const IS_CHECKPOINT = 4;
/** The texts are not in the frame; they are the next payload that was handed over apart. */
const IS_APART = 8;
/** The rest of the ring up to its end is empty. */
const IS_GAP = 16;

/** Most bytes that a UTF-16 unit takes in UTF-8. */
const UTF8_PER_UNIT = 3;

/** 8 MiB: some 20,000 events, what comes in a second at the highest rate that is planned for. */
export const RING_BYTES = 8 * 1024 * 1024;

/** What comes out of the ring: a part of an append, in order. `last`: the append is complete. */
export type Frame =
  | { readonly kind: 'event'; readonly last: boolean; readonly event: EncodedEnvelope }
  | { readonly kind: 'checkpoint'; readonly last: boolean; readonly checkpoint: Checkpoint };

/**
 * Shared memory for a ring.
 *
 * @param capacity bytes, a power of two
 */
export function createRing(capacity = RING_BYTES): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_BYTES + capacity);
}

class RingMemory {
  protected readonly control: Int32Array;
  protected readonly words: Uint32Array;
  protected readonly doubles: Float64Array;
  protected readonly bytes: Buffer;
  protected readonly capacity: number;
  protected readonly mask: number;

  constructor(memory: SharedArrayBuffer) {
    this.capacity = memory.byteLength - CONTROL_BYTES;
    this.mask = this.capacity - 1;
    this.control = new Int32Array(memory, 0, CONTROL_BYTES / 4);
    this.words = new Uint32Array(memory, CONTROL_BYTES);
    this.doubles = new Float64Array(memory, CONTROL_BYTES);
    this.bytes = Buffer.from(memory, CONTROL_BYTES);
  }

  /** Makes the consumer look up, whatever it waits for. */
  rouse(): void {
    Atomics.add(this.control, SIGNAL, 1);
    Atomics.notify(this.control, SIGNAL);
  }
}

/** The end that events are put in at: the thread that trades. Nothing here waits. */
export class RingProducer extends RingMemory {
  private head = 0;

  /** @param handOverApart takes the texts of a frame that is too large for the ring, before the frame is put in */
  constructor(
    memory: SharedArrayBuffer,
    private readonly handOverApart: (texts: string) => void,
  ) {
    super(memory);
  }

  /** Puts one event in; false when there is no room. */
  putEvent({ event, data }: EncodedEnvelope, last: boolean): boolean {
    const { id, type, source, causationId } = event;
    const texts = id + type + source + (causationId ?? '') + data;
    const flags = (last ? IS_LAST : 0) | (causationId === undefined ? 0 : HAS_CAUSATION);
    const at = this.put(texts, flags);
    if (at === undefined) return false;
    const word = at >> 2;
    this.words[word + 2] = id.length;
    this.words[word + 3] = type.length;
    this.words[word + 4] = source.length;
    this.words[word + 5] = causationId?.length ?? 0;
    this.doubles[(at >> 3) + 3] = event.version;
    this.doubles[(at >> 3) + 4] = event.occurredAt;
    this.publish();
    return true;
  }

  /** Puts a checkpoint in, behind the events that it comes with; false when there is no room. */
  putCheckpoint({ consumer, position }: Checkpoint, last: boolean): boolean {
    const at = this.put(consumer, IS_CHECKPOINT | (last ? IS_LAST : 0));
    if (at === undefined) return false;
    this.doubles[(at >> 3) + 3] = position;
    this.publish();
    return true;
  }

  /** Asks to be told as soon as there is room again. */
  askForRoom(): void {
    Atomics.store(this.control, STARVED, 1);
    this.rouse();
  }

  /** Asks that what is in the ring be written at once. Returns the request's number. */
  urge(): number {
    const request = Atomics.add(this.control, URGENT, 1) + 1;
    this.rouse();
    return request;
  }

  /** Writes a frame's length, flags and texts. Returns where it is; undefined when there is no room. */
  private put(texts: string, flags: number): number | undefined {
    const most = HEADER_BYTES + texts.length * UTF8_PER_UNIT;
    if (most > this.capacity / 4) {
      if (!this.makeRoom(HEADER_BYTES)) return undefined;
      this.handOverApart(texts);
      return this.frame(HEADER_BYTES, flags | IS_APART);
    }
    if (!this.makeRoom(most)) return undefined;
    const at = this.head & this.mask;
    const length = this.bytes.write(texts, at + HEADER_BYTES, 'utf8');
    return this.frame(HEADER_BYTES + length, flags);
  }

  private frame(length: number, flags: number): number {
    const at = this.head & this.mask;
    this.words[at >> 2] = length;
    this.words[(at >> 2) + 1] = flags;
    this.head = (this.head + aligned(length)) >>> 0;
    return at;
  }

  /** Whether that many bytes are free in one piece at the head; leaves the end of the ring empty where it is too short. */
  private makeRoom(bytes: number): boolean {
    const free = this.capacity - ((this.head - Atomics.load(this.control, TAIL)) >>> 0);
    const toEnd = this.capacity - (this.head & this.mask);
    if (aligned(bytes) <= toEnd) return aligned(bytes) <= free;
    if (toEnd + aligned(bytes) > free) return false;
    const at = (this.head & this.mask) >> 2;
    this.words[at] = toEnd;
    this.words[at + 1] = IS_GAP;
    this.head = (this.head + toEnd) >>> 0;
    return true;
  }

  private publish(): void {
    Atomics.store(this.control, HEAD, this.head | 0);
    if (Atomics.load(this.control, ASLEEP) === 1) this.rouse();
  }
}

/** The end that events are taken out at: the thread that writes. */
export class RingConsumer extends RingMemory {
  private tail = 0;

  /** @param takeApart gives the texts that were handed over apart, in order */
  constructor(
    memory: SharedArrayBuffer,
    private readonly takeApart: () => string,
  ) {
    super(memory);
  }

  /** What to give to {@link sleep}: read it before looking for work. */
  get signal(): number {
    return Atomics.load(this.control, SIGNAL);
  }

  /** The number of the last request not to wait. */
  get urgent(): number {
    return Atomics.load(this.control, URGENT);
  }

  /** The next frame, if there is one. */
  take(): Frame | undefined {
    if (Atomics.load(this.control, HEAD) === (this.tail | 0)) return undefined;
    const at = this.tail & this.mask;
    const length = this.words[at >> 2] ?? 0;
    const flags = this.words[(at >> 2) + 1] ?? 0;
    const frame = flags & IS_GAP ? undefined : this.decode(at, length, flags);
    this.tail = (this.tail + aligned(length)) >>> 0;
    Atomics.store(this.control, TAIL, this.tail | 0);
    return frame ?? this.take();
  }

  /** Whether the producer waits for room; asked once per request. */
  takeRequestForRoom(): boolean {
    return Atomics.exchange(this.control, STARVED, 0) === 1;
  }

  /** Waits until roused, but not if that was done since `signal` was read; puts alone don't wake it. */
  rest(signal: number, ms: number): void {
    Atomics.wait(this.control, SIGNAL, signal, ms);
  }

  /** Waits until something is put in or it is roused. */
  sleep(signal: number): void {
    Atomics.store(this.control, ASLEEP, 1);
    if (Atomics.load(this.control, HEAD) === (this.tail | 0)) Atomics.wait(this.control, SIGNAL, signal);
    Atomics.store(this.control, ASLEEP, 0);
  }

  private decode(at: number, length: number, flags: number): Frame {
    const texts =
      flags & IS_APART ? this.takeApart() : this.bytes.toString('utf8', at + HEADER_BYTES, at + length);
    const word = at >> 2;
    const [first = 0, second = 0] = this.doubles.subarray((at >> 3) + 3, (at >> 3) + 5);
    const last = (flags & IS_LAST) !== 0;
    if (flags & IS_CHECKPOINT) {
      return { kind: 'checkpoint', last, checkpoint: { consumer: texts, position: first } };
    }
    const typeAt = this.words[word + 2] ?? 0;
    const sourceAt = typeAt + (this.words[word + 3] ?? 0);
    const causationAt = sourceAt + (this.words[word + 4] ?? 0);
    const dataAt = causationAt + (this.words[word + 5] ?? 0);
    const event = {
      id: texts.slice(0, typeAt),
      type: texts.slice(typeAt, sourceAt),
      version: first,
      source: texts.slice(sourceAt, causationAt),
      occurredAt: second,
      ...(flags & HAS_CAUSATION ? { causationId: texts.slice(causationAt, dataAt) } : {}),
    };
    return { kind: 'event', last, event: { event, data: texts.slice(dataAt) } };
  }
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}
