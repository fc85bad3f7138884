import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { alerting } from './alerting';
import { execution } from './execution';
import { logAndProcess } from './log-and-process';
import { overview } from './overview';
import { risk } from './risk';

const BUILDERS: Readonly<Record<string, () => DashboardBuilder>> = {
  overview,
  execution,
  risk,
  alerting,
  'log-and-process': logAndProcess,
};

/** The files of Grafana's dashboards, by their path in the repository. */
export function dashboards(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(BUILDERS).map(([name, builder]) => [
      `deploy/grafana/${name}.json`,
      `${JSON.stringify(builder().build(), null, 2)}\n`,
    ]),
  );
}

export interface PanelQuery {
  readonly dashboard: string;
  readonly panel: string;
  readonly expr: string;
}

/** All queries of the panels of a dashboard, given as the JSON that Grafana reads. */
export function panelQueries(file: string, json: string): readonly PanelQuery[] {
  const { panels } = JSON.parse(json) as {
    panels: readonly { title: string; targets: readonly { expr: string }[] }[];
  };
  return panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ dashboard: file, panel: title, expr })),
  );
}
