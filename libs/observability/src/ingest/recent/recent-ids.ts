import { TextHash } from './text-hash';

const SLOTS_PER_ID = 2;

/**
 * Remembers the ids of the last events, to recognise an event that comes twice: at least `size` of them, at most twice as many.
 *
 * It keeps 64 bits of hash per id in tables of a fixed size, because a Set of strings costs three times as much and keeps
 * the garbage collector busy. Two different ids pass for the same one with a probability of 2⁻⁶⁴ × the ids remembered:
 * at ten million events a day, once in some ten thousand years.
 */
export class RecentIds {
  private young: IdTable;
  private old: IdTable;
  private readonly hash = new TextHash();

  /**
   * @param size a power of two
   * @throws RangeError when it is none
   */
  constructor(private readonly size = 65_536) {
    if (size < 1 || (size & (size - 1)) !== 0) throw new RangeError(`${size} is no power of two.`);
    this.young = new IdTable(size);
    this.old = new IdTable(size);
  }

  /** False when the id was seen before. */
  add(id: string): boolean {
    const { high, low } = this.hash.read(id);
    if (this.old.has(high, low) || !this.young.add(high, low)) return false;
    if (this.young.count === this.size) {
      const emptied = this.old;
      emptied.clear();
      this.old = this.young;
      this.young = emptied;
    }
    return true;
  }
}

/** A set of pairs of 32 bits, beside each other so that the processor fetches them at once: open addressing, at most half full. */
class IdTable {
  count = 0;
  private readonly mask: number;
  private readonly pairs: Int32Array;

  constructor(size: number) {
    this.mask = SLOTS_PER_ID * size - 1;
    this.pairs = new Int32Array(2 * SLOTS_PER_ID * size);
  }

  has(high: number, low: number): boolean {
    return this.pairs[this.slotOf(high, low)] === low;
  }

  /** False when it holds the pair already. */
  add(high: number, low: number): boolean {
    const slot = this.slotOf(high, low);
    if (this.pairs[slot] === low) return false;
    this.pairs[slot] = low;
    this.pairs[slot + 1] = high;
    this.count += 1;
    return true;
  }

  clear(): void {
    this.pairs.fill(0);
    this.count = 0;
  }

  /** The index of the pair, or the empty one where it belongs. */
  private slotOf(high: number, low: number): number {
    const { pairs, mask } = this;
    for (let slot = high & mask; ; slot = (slot + 1) & mask) {
      const found = pairs[2 * slot];
      if (found === 0 || (found === low && pairs[2 * slot + 1] === high)) return 2 * slot;
    }
  }
}
