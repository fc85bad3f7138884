import { alertsProjection } from '../alerts/model/alerts.projection';
import { consoleProjection } from '../console/state/console.projection';
import { healthProjection } from '../health/health.projection';
import { recentFillsProjection } from '../ingest/recent/recent-fills.projection';
import { metricsProjection } from '../metrics/projection/metrics.projection';
import type { AnyProjection } from '../projections/projection';
import { summaryProjection } from '../summary/summary.projection';

/** The module's own projections of what is committed: a restart begins with the snapshots of all of them. */
export const OWN_PROJECTIONS: readonly AnyProjection[] = [
  metricsProjection,
  healthProjection,
  alertsProjection,
  consoleProjection,
  summaryProjection,
  recentFillsProjection,
];
