/** A priority queue: the value that goes first is always at hand, adding and taking cost the logarithm of the count. */
export class BinaryHeap<Value> {
  private readonly values: Value[] = [];

  /** @param goesBefore a strict order: whether the first goes before the second */
  constructor(private readonly goesBefore: (a: Value, b: Value) => boolean) {}

  get size(): number {
    return this.values.length;
  }

  /** The value that goes first; undefined when there is none. */
  peek(): Value | undefined {
    return this.values[0];
  }

  push(value: Value): void {
    let index = this.values.push(value) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.swapUnlessOrdered(parent, index)) return;
      index = parent;
    }
  }

  /** Takes the value that goes first. */
  pop(): Value | undefined {
    const [first] = this.values;
    const last = this.values.pop();
    if (last === undefined || this.values.length === 0) return first;
    this.values[0] = last;
    for (let index = 0; ;) {
      const left = 2 * index + 1;
      const child = this.isBefore(left + 1, left) ? left + 1 : left;
      if (!this.swapUnlessOrdered(index, child)) return first;
      index = child;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const [first, second] = [this.values[a], this.values[b]];
    return first !== undefined && second !== undefined && this.goesBefore(first, second);
  }

  private swapUnlessOrdered(parent: number, child: number): boolean {
    const [upper, lower] = [this.values[parent], this.values[child]];
    if (upper === undefined || lower === undefined || !this.goesBefore(lower, upper)) return false;
    this.values[parent] = lower;
    this.values[child] = upper;
    return true;
  }
}
