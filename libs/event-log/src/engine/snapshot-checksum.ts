import { createHash } from 'node:crypto';
import type { Snapshot } from '../event-log';

/**
 * The {@link Snapshot.checksum}: SHA-256, in hex, over all that the snapshot says. Whoever makes a snapshot puts it in, whoever
 * uses one compares, so that a byte that changed on the way or on the disk is seen.
 *
 * @example
 * const intact = snapshotChecksum(snapshot) === snapshot.checksum;
 */
export function snapshotChecksum({
  projection,
  version,
  position,
  state,
}: Omit<Snapshot, 'checksum'>): string {
  return createHash('sha256')
    .update(JSON.stringify([projection, version, position]))
    .update(state)
    .digest('hex');
}
