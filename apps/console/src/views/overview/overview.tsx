import { useMemo } from 'preact/hooks';
import { AlertRows } from '../../components/alert-list';
import { Empty, Panel } from '../../components/panel';
import { Transport } from '../../components/transport';
import { link, route } from '../../state/navigation';
import { alertRows } from '../../state/grouping';
import { shown, tense } from '../../state/shown';
import { Bots } from './bots';
import { EndedAlerts } from './ended-alerts';
import { Figures } from './figures';
import { PnlPanel, PricePanel } from './series-panels';
import { Symbols } from './symbols';
import { Verdict } from './verdict';
import { useSeries } from './use-series';

const ROWS = 6;

function OpenAlerts() {
  const overview = shown.value;
  const items = overview?.alerts.items;
  const rows = useMemo(() => alertRows(items ?? []), [items]);
  const isPast = tense.value === 'past';
  return (
    <Panel
      class="now"
      title="Open alerts"
      count={overview?.alerts.open}
      right={<a href={link('alerts')}>all{rows.length > ROWS ? `, ${rows.length - ROWS} rows more` : ''}</a>}
    >
      {!overview ? null : rows.length === 0 ? (
        <Empty>{isPast ? 'None was open.' : 'None open.'}</Empty>
      ) : (
        <AlertRows rows={rows.slice(0, ROWS)} now={overview.time ?? overview.wallTime} />
      )}
    </Panel>
  );
}

/** Everything about the bot at one moment. */
export function OverviewView() {
  const series = useSeries();
  return (
    <main class="overview">
      <Verdict />
      <OpenAlerts />
      <Figures />
      <Symbols />
      <PricePanel series={series} />
      <div class="side">
        <PnlPanel series={series} />
        <Bots />
        <EndedAlerts />
      </div>
      {route.value.at === null ? null : <Transport />}
    </main>
  );
}
