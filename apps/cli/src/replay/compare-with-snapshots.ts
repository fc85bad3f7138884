import type { EventLog } from '@opensqt/event-log';
import type { Projection } from '@opensqt/observability';
import {
  CommittedProjections,
  type Difference,
  differences,
  loggedSeries,
  metricsProjection,
  metricsText,
  OWN_PROJECTIONS,
  Rebuild,
  type Restored,
  type Values,
} from '@opensqt/observability/replay';
import type { EventType } from '@opensqt/trading-events';
import { remark } from '@opensqt/configuration/command-line';
import { replayProgress } from '../log-progress';
import { statePaths } from './state-paths';

/** The state that a restart would begin with, against that of the whole log. */
export interface SnapshotComparison {
  readonly restored: Restored;
  readonly projections: readonly { readonly name: string; readonly differences: readonly Difference[] }[];
}

/** Compares the state of the stored snapshots and the events after them with the state of all events. */
export async function compareWithSnapshots(log: EventLog): Promise<SnapshotComparison> {
  const committed = new CommittedProjections(OWN_PROJECTIONS, log, {
    warn: remark,
  });
  const restored = await committed.restore();
  const { position } = restored;

  const compare = async <State, Handled extends EventType>(
    projection: Projection<State, Handled>,
    valuesOf: (state: State, now: number) => Values | Promise<Values> = (state) =>
      statePaths(projection, state),
  ) => {
    const rebuild = new Rebuild(log, projection, replayProgress);
    for (const notice of await rebuild.begin(position)) remark(notice);
    await rebuild.advance(position);
    const [whole, fromSnapshots] = [rebuild.state, committed.stateOf(projection)];
    const found = differences(await valuesOf(whole, rebuild.now), await valuesOf(fromSnapshots, rebuild.now));
    return { name: projection.name, differences: found };
  };
  const others = [];
  for (const projection of OWN_PROJECTIONS)
    if (projection !== metricsProjection) others.push(await compare(projection as Projection<unknown>));
  return {
    restored,
    projections: [
      await compare(metricsProjection, async (state, now) =>
        loggedSeries(await metricsText(state, log, position, now)),
      ),
      ...others,
    ],
  };
}
