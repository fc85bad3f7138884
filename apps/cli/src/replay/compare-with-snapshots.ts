import { replayProgress } from './replay-progress';
import type { EventLog } from '@opensqt/event-log';
import {
  alertsProjection,
  CommittedProjections,
  type Difference,
  differences,
  healthProjection,
  loggedSeries,
  metricsProjection,
  metricsText,
  Rebuild,
  type Restored,
  summaryProjection,
} from '@opensqt/observability/replay';
import { statePaths } from './state-paths';

/** The state that a restart would begin with, against that of the whole log. */
export interface SnapshotComparison {
  readonly restored: Restored;
  readonly projections: readonly { readonly name: string; readonly differences: readonly Difference[] }[];
}

/** Compares the state of the stored snapshots and the events after them with the state of all events. */
export async function compareWithSnapshots(log: EventLog): Promise<SnapshotComparison> {
  const committed = new CommittedProjections(
    [metricsProjection, healthProjection, alertsProjection, summaryProjection],
    log,
    {
      warn: (message) => process.stderr.write(`${message}\n`),
    },
  );
  const restored = await committed.restore();
  const { position } = restored;
  const metrics = new Rebuild(log, metricsProjection, replayProgress);
  const health = new Rebuild(log, healthProjection, replayProgress);
  const alerts = new Rebuild(log, alertsProjection, replayProgress);
  const summary = new Rebuild(log, summaryProjection, replayProgress);
  for (const rebuild of [metrics, health, alerts, summary]) await rebuild.advance(position);

  const series = async (state: typeof metrics.state) =>
    loggedSeries(await metricsText(state, log, position, metrics.now));
  const healthPaths = (state: typeof health.state) => statePaths(healthProjection, state);
  const summaryPaths = (state: typeof summary.state) => statePaths(summaryProjection, state);
  const alertPaths = (state: typeof alerts.state) => statePaths(alertsProjection, state);
  return {
    restored,
    projections: [
      {
        name: 'metrics',
        differences: differences(
          await series(metrics.state),
          await series(committed.stateOf(metricsProjection)),
        ),
      },
      {
        name: 'health',
        differences: differences(healthPaths(health.state), healthPaths(committed.stateOf(healthProjection))),
      },
      {
        name: 'alerts',
        differences: differences(alertPaths(alerts.state), alertPaths(committed.stateOf(alertsProjection))),
      },
      {
        name: 'summary',
        differences: differences(
          summaryPaths(summary.state),
          summaryPaths(committed.stateOf(summaryProjection)),
        ),
      },
    ],
  };
}
