import type { DatabaseSync } from 'node:sqlite';
import type { EventRow } from '../../engine/event-codec';
import { CommitChecksum } from '../commit-checksum';
import { Findings } from './verify-report';

interface CommitRow {
  readonly first: number;
  readonly last: number;
  readonly sha256: Uint8Array;
}

/** Compares each commit's checksum with the rows that it stored, wherever they are now. Rows are given in order. */
export class CommitChecks {
  readonly findings = new Findings('commits');
  private readonly commits: Iterator<CommitRow, undefined>;
  /** First position that has a checksum; later than any where an earlier release wrote all. */
  private readonly from: number;
  private commit: CommitRow | undefined;
  private checksum = new CommitChecksum();
  private rows = 0;
  private checked = 0;
  private unread = 0;
  private strayFrom: number | undefined;
  private strayTo = 0;

  constructor(database: DatabaseSync) {
    const known = "SELECT value FROM meta WHERE key = 'checksums_from'";
    this.from = Number(database.prepare(known).get()?.['value'] ?? Infinity);
    this.commits = this.from === Infinity ? [].values() : commitsOf(database);
    this.next();
  }

  check(row: EventRow): void {
    const { position } = row;
    while (this.commit !== undefined && this.commit.last < position) this.finish(this.commit);
    if (position < this.from) return;
    if (this.commit === undefined || position < this.commit.first) {
      this.strayFrom ??= position;
      this.strayTo = position;
      return;
    }
    this.reportStrays();
    this.checksum.add(row);
    this.rows += 1;
  }

  /**
   * Checks what is left after the last row.
   *
   * @param firstLive position of the oldest event that is not archived
   * @param last the log's last position
   * @returns how much was looked at
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
    const unknown = Math.min(this.from - 1, last);
    if (unknown >= firstLive) {
      this.findings.warning(
        `Positions ${firstLive} to ${unknown} were written by a release that made no checksums: if one of these events was changed into another valid one, that can't be seen.`,
      );
    }
    const unread = this.unread === 0 ? '' : `, ${this.unread} others can't be checked`;
    return this.from > last
      ? '0 commits'
      : `${this.checked} commits, positions ${this.from} to ${last}${unread}`;
  }

  /** Rows that are missing or can't be read are found elsewhere. */
  private finish({ first, last, sha256 }: CommitRow): void {
    if (this.rows < last - first + 1) {
      this.unread += 1;
    } else {
      this.checked += 1;
      if (!Buffer.from(this.checksum.digest()).equals(sha256)) this.findings.error(changed(first, last));
    }
    this.next();
  }

  private reportStrays(): void {
    if (this.strayFrom === undefined) return;
    this.findings.error(
      `Positions ${this.strayFrom} to ${this.strayTo} are of no commit that has a checksum: they were put in, or it was removed.`,
    );
    this.strayFrom = undefined;
  }

  private next(): void {
    this.commit = this.commits.next().value;
    this.checksum = new CommitChecksum();
    this.rows = 0;
  }
}

function* commitsOf(database: DatabaseSync): Generator<CommitRow, undefined> {
  const rows = database.prepare('SELECT first, last, sha256 FROM commits ORDER BY first').iterate();
  for (const row of rows) yield row as unknown as CommitRow;
  return undefined;
}

function changed(first: number, last: number): string {
  const where =
    first === last ? `The event at position ${first}` : `An event at the positions ${first} to ${last}`;
  return `${where} was changed after it was written: the checksum of its commit is another one. Restore a backup.`;
}
