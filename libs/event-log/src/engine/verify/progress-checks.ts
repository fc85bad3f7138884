import type { Checkpoint, Snapshot } from '../../event-log';
import { snapshotChecksum } from '../snapshot-checksum';
import type { Findings } from './verify-report';

/**
 * Checks that no consumer is beyond the log's end.
 *
 * @returns the amount that was looked at
 */
export function checkCheckpoints(
  checkpoints: readonly Checkpoint[],
  last: number,
  findings: Findings,
): string {
  for (const { consumer, position } of checkpoints) {
    if (position <= last) continue;
    findings.error(
      `Consumer ${consumer} has dealt with position ${position}, and the log ends at ${last}: events are lost, and it would pass over new ones.`,
    );
  }
  return `${checkpoints.length} consumers`;
}

/**
 * Checks that no snapshot is beyond the log's end, and the snapshots' checksums. One that an old release wrote has none.
 *
 * @returns the amount that was looked at
 */
export function checkSnapshots(
  snapshots: readonly (Omit<Snapshot, 'checksum'> & Partial<Snapshot>)[],
  last: number,
  findings: Findings,
): string {
  for (const { checksum = '', ...rest } of snapshots) {
    const name = `The snapshot of ${rest.projection} at position ${rest.position}`;
    if (rest.position > last) findings.error(`${name} is beyond the log's end, ${last}.`);
    if (checksum === '') {
      findings.warning(`${name} has no checksum: an earlier release wrote it, and it is not used.`);
    } else if (checksum !== snapshotChecksum(rest)) {
      findings.error(
        `${name} is damaged: its checksum is wrong. It is not used; the log is replayed instead.`,
      );
    }
  }
  return `${snapshots.length} snapshots`;
}
