/** 64 bits of hash of the text that was read last, in two halves: an object of its own for each text would cost as much as the hash. */
export class TextHash {
  high = 0;
  /** Never 0. */
  low = 0;

  read(text: string): this {
    let high = 0x811c9dc5;
    let low = 0x9e3779b9;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul((low + code) ^ (low >>> 13), 0x85ebca6b);
    }
    this.high = mixed(high);
    this.low = mixed(low) || 1;
    return this;
  }

  /** 53 of them, as a whole number. */
  get number(): number {
    return (this.high >>> 11) * 2 ** 32 + (this.low >>> 0);
  }
}

/** The last steps of MurmurHash3: every bit of the input moves every bit of the result. */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
