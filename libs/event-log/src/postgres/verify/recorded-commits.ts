import type { RecordedCommit } from '../../engine/commit-checksum';
import type { Run } from '../connections';
import type { Statements } from '../statements';

/** Commits that are read at a time. */
const CHUNK = 10_000;

/** The commits of a log in order, read ahead of the events that they stored. */
export class RecordedCommits implements Iterator<RecordedCommit, undefined> {
  private ahead: RecordedCommit[] = [];
  private taken = 0;
  private after: number;
  private ended = false;

  /** @param first the position that the first of them begins at, or a later one */
  constructor(
    private readonly run: Run,
    private readonly statements: Statements,
    first: number,
  ) {
    this.after = first - 1;
  }

  /** Reads on until the commit after that position is here. */
  async reach(position: number): Promise<void> {
    while (!this.ended && this.after <= position) {
      const rows = await this.run<RecordedCommit & Readonly<Record<string, unknown>>>(
        this.statements.commits,
        [this.after, CHUNK],
      );
      this.ended = rows.length < CHUNK;
      this.ahead = [...this.ahead.slice(this.taken), ...rows];
      this.taken = 0;
      this.after = rows.at(-1)?.first ?? this.after;
    }
  }

  next(): IteratorResult<RecordedCommit, undefined> {
    const value = this.ahead[this.taken];
    if (value === undefined) return { done: true, value };
    this.taken += 1;
    return { done: false, value };
  }
}
