import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { METRIC } from '@opensqt/observability';

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
/** Grafana's grid is 24 wide. */
const STAT = { width: 4, height: 4 };
const GRAPH = { width: 12, height: 8 };

/** The series of the bots that the dashboard shows. */
export const BOT = 'job="opensqt", bot=~"$bot"';
/** … and of the symbols that it shows. */
export const SYMBOL = `${BOT}, symbol=~"$symbol"`;
/** The profit and loss of each bot, realized and not, over all symbols. */
export const TOTAL_PNL = `sum by (bot) (${METRIC.pnl.realizedNet}{${BOT}}) + sum by (bot) (${METRIC.pnl.unrealized}{${BOT}})`;

/** The lines of a panel: an expression by its legend, which has labels as `{{symbol}}`. */
type Queries = Readonly<Record<string, string>>;

/** A panel, its texts and its queries. */
interface PanelTexts {
  readonly title: string;
  readonly description: string;
  /** One of Grafana's. */
  readonly unit?: string;
  readonly queries: Queries;
}

/** The value from which a number is red, or below which it is. */
type Red = { readonly from: number } | { readonly below: number };

/** A number that is read at a glance. */
export function stat({
  title,
  description,
  unit = 'none',
  queries,
  red,
}: PanelTexts & { readonly red?: Red }): Builder<Panel> {
  const panel = new StatBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit)
    .span(STAT.width)
    .height(STAT.height)
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(colors(red));
  return Object.entries(queries).reduce((shown, query, i) => shown.withTarget(target(query, i)), panel);
}

/** Lines over time. */
export function graph({ title, description, unit = 'none', queries }: PanelTexts): Builder<Panel> {
  const panel = new TimeseriesBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit)
    .span(GRAPH.width)
    .height(GRAPH.height)
    .drawStyle(GraphDrawStyle.Line)
    .fillOpacity(5)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
  return Object.entries(queries).reduce((shown, query, i) => shown.withTarget(target(query, i)), panel);
}

/** The 50th and 99th percentile of a histogram, by labels besides the bot. */
export function percentiles(metric: string, selector: string, by: string): Queries {
  const query = (quantile: number) =>
    `histogram_quantile(${quantile}, sum by (le, bot, ${by}) (rate(${metric}_bucket{${selector}}[$__rate_interval])))`;
  return { [`{{${by}}} p50`]: query(0.5), [`{{${by}}} p99`]: query(0.99) };
}

/** A dashboard with the choices of data source, bot and symbol, and links to the other ones. */
export function dashboard(id: string, title: string, panels: readonly Builder<Panel>[]): DashboardBuilder {
  const empty = new DashboardBuilder(`OpenSQT / ${title}`)
    .uid(`opensqt-${id}`)
    .tags(['opensqt'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh('10s')
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .link(
      new DashboardLinkBuilder('OpenSQT')
        .type(DashboardLinkType.Dashboards)
        .tags(['opensqt'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    )
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(choice('bot', `label_values(${METRIC.eventLog.position}{job="opensqt"}, bot)`))
    .withVariable(choice('symbol', `label_values(${METRIC.orders.placed}{${BOT}}, symbol)`));
  return panels.reduce((board, panel) => board.withPanel(panel), empty);
}

function colors(red: Red | undefined): ThresholdsConfigBuilder {
  const colored = new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute);
  if (red === undefined) return colored.steps([{ value: null, color: 'text' }]);
  const [low, high] = 'from' in red ? ['green', 'red'] : ['red', 'green'];
  return colored.steps([
    { value: null, color: low },
    { value: 'from' in red ? red.from : red.below, color: high },
  ]);
}

function choice(name: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(name)
    .datasource(DATASOURCE)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

function target([legend, expr]: readonly [string, string], index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(String.fromCharCode(65 + index))
    .expr(expr)
    .legendFormat(legend);
}
