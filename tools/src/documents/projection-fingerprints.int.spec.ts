import { OWN_PROJECTIONS } from '@opensqt/observability/replay';
import { resumeProjection } from '@opensqt/trading';
import {
  fingerprintsOf,
  fingerprintsText,
  goldenEvents,
  recordedFingerprints,
  unversionedChanges,
} from './projection-fingerprints';

const events = goldenEvents();

describe('the shape and the meaning of each projection', () => {
  const current = fingerprintsOf(events);

  it('are what was recorded for its version', () => {
    expect(unversionedChanges(recordedFingerprints(), current)).toEqual([]);
  });

  it('are recorded for the projections of the module and for the state to resume from', () => {
    const names = [...OWN_PROJECTIONS, resumeProjection].map(({ name }) => name);
    expect(Object.keys(recordedFingerprints()).toSorted()).toEqual(names.toSorted());
  });
});

describe('a projection that changes', () => {
  const before = fingerprintsOf(events, [resumeProjection]);
  const changed = (version: number) =>
    fingerprintsOf(events, [
      {
        ...resumeProjection,
        version,
        encode: (state: never) => ({ ...resumeProjection.encode(state), since: 0 }),
      },
    ]);
  const { version } = resumeProjection;

  it('is to raise its version, and its fingerprint is not replaced before', () => {
    expect(unversionedChanges(before, changed(version))).toEqual([
      `The projection resume makes another state of the golden corpus and is still version ${version}: snapshots of the old state would be used. Raise its version to ${version + 1}, then store its new fingerprint: npm run docs.`,
    ]);
    expect(JSON.parse(fingerprintsText(before, changed(version)))).toEqual(before);
  });

  it('is to raise its version when it reads other events than before', () => {
    const handles = resumeProjection.handles.filter((type) => type !== 'market.sampled');
    const fewer = fingerprintsOf(events, [{ ...resumeProjection, handles }]);
    expect(unversionedChanges(before, fewer)).toHaveLength(1);
  });

  it('and raised its version has a new fingerprint to be stored', () => {
    const raised = changed(version + 1);
    expect(unversionedChanges(before, raised)).toEqual([]);
    expect(JSON.parse(fingerprintsText(before, raised))).toEqual(raised);
  });

  it('has a new fingerprint to be stored when the corpus has grown', () => {
    const grown = fingerprintsOf([...events, ...events.slice(-40)], [resumeProjection]);
    expect(unversionedChanges(before, grown)).toEqual([]);
    expect(JSON.parse(fingerprintsText(before, grown))).toEqual(grown);
  });
});
