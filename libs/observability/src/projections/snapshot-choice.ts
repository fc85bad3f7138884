import { type Snapshot, snapshotChecksum } from '@opensqt/event-log';
import type { Projection } from './projection';

/** The state that a projection begins with after a restart. */
export interface StartingPoint<State> {
  readonly state: State;
  /** 0, or that before the log's first, when it begins with nothing. */
  readonly position: number;
  /** It begins with nothing, although older events were there: they have been dropped from the log. */
  readonly isPartial: boolean;
  /** The reasons that snapshots were passed over, a sentence each, newest first. */
  readonly refusals: readonly string[];
}

/**
 * Chooses what a projection begins with: the newest snapshot that is whole, of this version and within the log, and nothing
 * when there is none. A snapshot that is passed over costs time and no data: the log is read from further back.
 *
 * @param snapshots newest first
 * @param head the log's last position
 * @param first the log's first position: what follows a snapshot before it has been dropped
 */
export function startingPoint<State>(
  projection: Pick<Projection<State>, 'name' | 'version' | 'initial' | 'decode'>,
  snapshots: readonly Snapshot[],
  head: number,
  first = 1,
): StartingPoint<State> {
  const refusals: string[] = [];
  for (const snapshot of snapshots) {
    const reason = unusable(snapshot, projection.version, head, first);
    if (reason === undefined) {
      try {
        const state = projection.decode(JSON.parse(snapshot.state) as Readonly<Record<string, unknown>>);
        return { state, position: snapshot.position, isPartial: false, refusals };
      } catch (error) {
        refusals.push(refusal(projection.name, snapshot, `it can't be read: ${String(error)}`));
      }
    } else {
      refusals.push(refusal(projection.name, snapshot, reason));
    }
  }
  const isPartial = first > 1;
  if (isPartial)
    refusals.push(
      `The ${projection.name} state begins with nothing at position ${first}: older events have been dropped from the log, and no snapshot of version ${projection.version} holds them.`,
    );
  return { state: projection.initial(), position: first - 1, isPartial, refusals };
}

/** The reason that a snapshot must not be used; undefined when it may be. */
export function unusable(snapshot: Snapshot, version: number, head: number, first = 1): string | undefined {
  if (snapshotChecksum(snapshot) !== snapshot.checksum) return 'its checksum does not fit: it is damaged';
  if (snapshot.version !== version) {
    return `it was made by version ${snapshot.version} of the projection, and this is version ${version}`;
  }
  if (snapshot.position > head) {
    return `the log ends before it, at position ${head}: the log was restored from a backup, or is another one`;
  }
  if (snapshot.position < first - 1)
    return `what follows it, up to position ${first - 1}, has been dropped from the log`;
  return undefined;
}

function refusal(name: string, { position }: Snapshot, reason: string): string {
  return `The ${name} snapshot at position ${position} is not used: ${reason}.`;
}
