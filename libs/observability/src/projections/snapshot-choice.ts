import { type Snapshot, snapshotChecksum } from '@opensqt/event-log';
import type { Projection } from './projection';

/** The state that a projection begins with after a restart. */
export interface StartingPoint<State> {
  readonly state: State;
  /** 0 when it begins with nothing. */
  readonly position: number;
  /** The reasons that snapshots were passed over, a sentence each, newest first. */
  readonly refusals: readonly string[];
}

/**
 * Chooses what a projection begins with: the newest snapshot that is whole, of this version and within the log, and nothing
 * when there is none. A snapshot that is passed over costs time and no data: the log is read from further back.
 *
 * @param snapshots newest first
 * @param head the log's last position
 */
export function startingPoint<State>(
  projection: Pick<Projection<State>, 'name' | 'version' | 'initial' | 'decode'>,
  snapshots: readonly Snapshot[],
  head: number,
): StartingPoint<State> {
  const refusals: string[] = [];
  for (const snapshot of snapshots) {
    const reason = unusable(snapshot, projection.version, head);
    if (reason === undefined) {
      try {
        const state = projection.decode(JSON.parse(snapshot.state) as Readonly<Record<string, unknown>>);
        return { state, position: snapshot.position, refusals };
      } catch (error) {
        refusals.push(refusal(projection.name, snapshot, `it can't be read: ${String(error)}`));
      }
    } else {
      refusals.push(refusal(projection.name, snapshot, reason));
    }
  }
  return { state: projection.initial(), position: 0, refusals };
}

/** The reason that a snapshot must not be used; undefined when it may be. */
export function unusable(snapshot: Snapshot, version: number, head: number): string | undefined {
  if (snapshotChecksum(snapshot) !== snapshot.checksum) return 'its checksum does not fit: it is damaged';
  if (snapshot.version !== version) {
    return `it was made by version ${snapshot.version} of the projection, and this is version ${version}`;
  }
  if (snapshot.position > head) {
    return `the log ends before it, at position ${head}: the log was restored from a backup, or is another one`;
  }
  return undefined;
}

function refusal(name: string, { position }: Snapshot, reason: string): string {
  return `The ${name} snapshot at position ${position} is not used: ${reason}.`;
}
