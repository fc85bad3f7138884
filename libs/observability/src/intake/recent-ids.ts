/** How many ids are remembered unless told otherwise. */
export const REMEMBERED_IDS = 50_000;

/**
 * Remembers the ids of the last events, to see when a fact is told twice: at least `size` of them, at most twice as many.
 */
export class RecentIds {
  private young = new Set<string>();
  private old = new Set<string>();

  constructor(private readonly size = REMEMBERED_IDS) {}

  /** False when the id was seen before. */
  add(id: string): boolean {
    if (this.young.has(id) || this.old.has(id)) return false;
    if (this.young.size >= this.size) {
      this.old = this.young;
      this.young = new Set();
    }
    this.young.add(id);
    return true;
  }
}
