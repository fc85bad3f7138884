import { CHAIN_START, CommitChecksum, type RecordedCommit, chained } from '../commit-checksum';
import type { EventRow } from '../event-codec';
import { type ChainPoint, Findings, type PositionRange } from './verify-report';

/** The chain as a log records it. */
export interface RecordedChain {
  /** First position that has a checksum; Infinity where an earlier release wrote all. */
  readonly from: number;
  /** The hash that the first commit is chained from: that of the last one that was dropped. Absent where none was. */
  readonly before?: Uint8Array | undefined;
  readonly commits: Iterator<RecordedCommit, undefined>;
}

/** Compares the chain of the commits' hashes with the rows that they stored, wherever these are now. Rows are given in order. */
export class CommitChecks {
  readonly findings = new Findings('commits');
  /** The positions whose events are those that were committed, in the chain of all others. */
  readonly vouched: PositionRange[] = [];
  private commit: RecordedCommit | undefined;
  /** The hash that the commit's is chained from; undefined where it is not known. */
  private before: Uint8Array | undefined;
  /** First position of the commit that is due. */
  private due: number;
  private checksum = new CommitChecksum();
  private rows = 0;
  /** Rows of the commit that were set aside. */
  private aside = 0;
  private checked = 0;
  private unread = 0;
  private strayFrom: number | undefined;
  private strayTo = 0;
  private isCompared = false;

  /** @param against a position and its hash as they were noted before */
  constructor(
    private readonly chain: RecordedChain,
    private readonly against?: ChainPoint,
  ) {
    const { from, before } = chain;
    this.before = before ?? CHAIN_START;
    this.due = from;
    if (before !== undefined) this.compare({ last: from - 1, sha256: before });
    this.next();
  }

  /** @param isAside the row is kept in quarantine, and another one stands in its place */
  check(row: EventRow, isAside = false): void {
    const { position } = row;
    while (this.commit !== undefined && this.commit.last < position) this.finish(this.commit);
    if (position < this.chain.from) return;
    if (this.commit === undefined || position < this.commit.first) {
      this.strayFrom ??= position;
      this.strayTo = position;
      return;
    }
    this.reportStrays();
    this.checksum.add(row);
    this.rows += 1;
    if (isAside) this.aside += 1;
  }

  /**
   * Checks what is left after the last row.
   *
   * @param firstLive position of the oldest event that is not archived
   * @param last the log's last position
   * @returns the amount that was looked at
   */
  end(firstLive: number, last: number): string {
    this.reportStrays();
    while (this.commit !== undefined) {
      if (this.commit.last > last) {
        const { first, last: end } = this.commit;
        this.findings.error(
          `The log ends at position ${last}, and a commit of positions ${first} to ${end} is recorded: events are lost.`,
        );
      }
      this.finish(this.commit);
    }
    const unknown = Math.min(this.chain.from - 1, last);
    if (unknown >= firstLive) {
      this.findings.warning(
        `Positions ${firstLive} to ${unknown} were written by a release that made no checksums: if one of these events was changed into another valid one, that can't be seen.`,
      );
    }
    if (this.against !== undefined && this.against.position > 0 && !this.isCompared)
      this.findings.error(notFound(this.against.position, this.chain, last));
    const unread = this.unread === 0 ? '' : `, ${this.unread} others can't be checked`;
    return this.chain.from > last
      ? '0 commits'
      : `${this.checked} commits, positions ${this.chain.from} to ${last}${unread}`;
  }

  /** Rows that are missing or can't be read are found elsewhere. */
  private finish(commit: RecordedCommit): void {
    const { first, last, sha256 } = commit;
    if (first > this.due) {
      this.findings.error(
        `The chain is broken at position ${this.due}: the commits of positions ${this.due} to ${first - 1} were removed. The commit after them, to position ${last}, can't be checked.`,
      );
      this.before = undefined;
    }
    if (this.before === undefined || this.rows < last - first + 1) {
      this.unread += 1;
    } else {
      this.checked += 1;
      const isRight = Buffer.from(chained(this.before, this.checksum.digest())).equals(sha256);
      if (isRight) this.vouch(first, last);
      else if (this.aside > 0) this.findings.warning(changedBefore(first, last));
      else this.findings.error(changed(first, last));
    }
    this.compare(commit);
    this.before = sha256;
    this.due = last + 1;
    this.next();
  }

  private vouch(first: number, last: number): void {
    const before = this.vouched.at(-1);
    if (before?.last === first - 1) this.vouched.splice(-1, 1, { first: before.first, last });
    else this.vouched.push({ first, last });
  }

  private compare({ last, sha256 }: Pick<RecordedCommit, 'last' | 'sha256'>): void {
    if (this.against?.position !== last) return;
    this.isCompared = true;
    if (Buffer.from(sha256).toString('hex') === this.against.hash) return;
    this.findings.error(
      `The hash at position ${last} is another one than was noted: this is another log, or it was written anew up to there.`,
    );
  }

  private reportStrays(): void {
    if (this.strayFrom === undefined) return;
    this.findings.error(
      `Positions ${this.strayFrom} to ${this.strayTo} are of no commit that has a checksum: they were put in, or it was removed.`,
    );
    this.strayFrom = undefined;
  }

  private next(): void {
    this.commit = this.chain.commits.next().value;
    this.checksum = new CommitChecksum();
    this.rows = 0;
    this.aside = 0;
  }
}

function changed(first: number, last: number): string {
  const where =
    first === last ? `The event at position ${first}` : `An event at the positions ${first} to ${last}`;
  return `${where} was changed after it was written, or put in: the hash of its commit is another one. Restore a backup.`;
}

function changedBefore(first: number, last: number): string {
  const where = first === last ? 'at position' : `among the positions ${first} to`;
  return `The event that was set aside ${where} ${last} had been changed after it was written, so its commit can't be vouched for.`;
}

function notFound(position: number, { from, before }: RecordedChain, last: number): string {
  if (before !== undefined && position < from - 1)
    return `Position ${position}, whose hash was noted, has been dropped: the log begins at position ${from}. Note its head anew, and more often than events are dropped.`;
  return position > last
    ? `The log ends at position ${last}, before the position ${position} that was noted: events are lost, or this is another log.`
    : `No commit ends at position ${position}, whose hash was noted: this is another log, or it was written anew.`;
}
