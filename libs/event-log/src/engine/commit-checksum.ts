import { type Hash, createHash } from 'node:crypto';
import type { EventRow } from './event-codec';

/** Characters that are hashed at a time; many more take twice as long. */
const BLOCK = 8 * 1024;

/** The hash before the first commit. */
export const CHAIN_START: Uint8Array = new Uint8Array(32);

/** A commit as it is recorded. */
export interface RecordedCommit {
  readonly first: number;
  readonly last: number;
  /** Chained from that of the commit before. */
  readonly sha256: Uint8Array;
}

/**
 * The hash of a commit: SHA-256 over that of the commit before and the checksum of its rows. It stands for all that was committed up
 * to there.
 */
export function chained(before: Uint8Array, rows: Uint8Array): Uint8Array {
  return createHash('sha256').update(before).update(rows).digest();
}

/**
 * The checksum of a commit's rows: SHA-256 over them, in order. A row's bytes are its fields as text in UTF-8, each
 * ended by U+0000, which none of them contains, in the order of {@link EventRow}; a causation is preceded by `=`. Rows that were
 * written without a bot and a writer have neither.
 *
 * SQLite's pages have no checksums, so nothing else shows that an event was changed into another valid one.
 */
export class CommitChecksum {
  private readonly hash: Hash = createHash('sha256');
  private pending = '';

  add(row: EventRow): void {
    const { position, id, type, version, source, occurred_at, causation_id, data, committed_at } = row;
    const { bot, writer } = row;
    const causation = causation_id === null ? '' : `=${causation_id}`;
    this.pending += `${position}\0${id}\0${type}\0${version}\0${source}\0${occurred_at}\0${causation}\0${data}\0${committed_at}\0`;
    if (bot !== null || writer !== null) this.pending += `${bot}\0${writer}\0`;
    if (this.pending.length > BLOCK) this.hashPending();
  }

  digest(): Uint8Array {
    this.hashPending();
    return this.hash.digest();
  }

  private hashPending(): void {
    this.hash.update(this.pending);
    this.pending = '';
  }
}
