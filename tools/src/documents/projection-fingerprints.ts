import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_PROJECTIONS, encodedState } from '@opensqt/observability/replay';
import { resumeProjection } from '@opensqt/trading';
import { type AnyEvent, type WrittenEvent, upcast } from '@opensqt/trading-events';

const repository = join(__dirname, '../../..');
const GOLDEN = join(repository, 'libs/trading-events/golden');
export const FINGERPRINTS = 'libs/trading-events/golden/fingerprints.json';

/** The state that a version of a projection makes of the golden corpus. */
export interface Fingerprint {
  readonly version: number;
  /** SHA-256 of the corpus: of all its events, since a projection that reads others than before has changed too. */
  readonly events: string;
  /** SHA-256 of the encoded state after them. */
  readonly state: string;
}

export type Fingerprints = Readonly<Record<string, Fingerprint>>;

type FoldedProjection = (typeof OWN_PROJECTIONS)[number];

const PROJECTIONS: readonly FoldedProjection[] = [...OWN_PROJECTIONS, resumeProjection];

/** The recorded events of every type and version, as today's release reads them, by time. */
export function goldenEvents(): readonly AnyEvent[] {
  const files = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.jsonl'),
  );
  const events = files.toSorted().flatMap((file) => {
    const lines = readFileSync(join(GOLDEN, file), 'utf8').trimEnd().split('\n');
    return lines.map((line) => upcast(JSON.parse(line) as WrittenEvent));
  });
  return events.toSorted((a, b) => a.occurredAt - b.occurredAt);
}

/** The fingerprint of each projection, by its name. */
export function fingerprintsOf(
  events: readonly AnyEvent[],
  projections: readonly FoldedProjection[] = PROJECTIONS,
): Fingerprints {
  const corpus = sha256(JSON.stringify(events));
  return Object.fromEntries(
    projections.map((projection) => {
      const read = events.filter(({ type }) => projection.handles.includes(type));
      let state = projection.initial();
      for (const event of read) state = projection.evolve(state as never, event as never);
      const encoded = encodedState(projection, state as never);
      const { name, version } = projection;
      return [name, { version, events: corpus, state: sha256(encoded) }];
    }),
  );
}

export function recordedFingerprints(): Fingerprints {
  return JSON.parse(readFileSync(join(repository, FINGERPRINTS), 'utf8')) as Fingerprints;
}

/** A sentence for each projection whose state became another while its version and the corpus stayed. */
export function unversionedChanges(recorded: Fingerprints, current: Fingerprints): readonly string[] {
  return Object.entries(current).flatMap(([name, { state, version }]) => {
    const before = recorded[name];
    if (before === undefined || !isComparable(before, current[name]) || before.state === state) return [];
    return [
      `The projection ${name} makes another state of the golden corpus and is still version ${version}: snapshots of the old state would be used. Raise its version to ${version + 1}, then store its new fingerprint: npm run docs.`,
    ];
  });
}

/** The text of the file: a fingerprint whose version and corpus stayed is not replaced. */
export function fingerprintsText(recorded: Fingerprints, current: Fingerprints): string {
  const kept = Object.entries(current).map(([name, fingerprint]) => {
    const before = recorded[name];
    return [name, before !== undefined && isComparable(before, fingerprint) ? before : fingerprint];
  });
  return `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`;
}

function isComparable(before: Fingerprint, now: Fingerprint | undefined): boolean {
  return before.version === now?.version && before.events === now.events;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
