import type { RecordedCommit } from '../../engine/commit-checksum';
import type { Run } from '../connections';
import type { Statements } from '../statements';

/** Commits that are read at a time. */
const CHUNK = 10_000;

/** The commits of a log in order, read ahead of the events that they stored. */
export class RecordedCommits implements Iterator<RecordedCommit, undefined> {
  private ahead: RecordedCommit[] = [];
  private taken = 0;
  private after = -1;
  private ended = false;

  constructor(
    private readonly run: Run,
    private readonly statements: Statements,
  ) {}

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
