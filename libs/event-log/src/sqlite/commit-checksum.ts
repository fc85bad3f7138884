import { type Hash, createHash } from 'node:crypto';
import type { EventRow } from '../engine/event-codec';

/** Characters that are hashed at a time; many more take twice as long. */
const BLOCK = 8 * 1024;

/**
 * The checksum of a commit: SHA-256 over the rows that it stored, in order. A row's bytes are its fields as text in UTF-8, each
 * ended by U+0000, which none of them contains, in the order of {@link EventRow}; a causation is preceded by `=`.
 *
 * SQLite's pages have no checksums, so nothing else shows that an event was changed into another valid one.
 */
export class CommitChecksum {
  private readonly hash: Hash = createHash('sha256');
  private pending = '';

  add(row: EventRow): void {
    const { position, id, type, version, source, occurred_at, causation_id, data, committed_at } = row;
    const causation = causation_id === null ? '' : `=${causation_id}`;
    this.pending += `${position}\0${id}\0${type}\0${version}\0${source}\0${occurred_at}\0${causation}\0${data}\0${committed_at}\0`;
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
