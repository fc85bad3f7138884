import type { AlertsPage } from '@opensqt/observability/console-api';
import { PastAlertRows } from '../../components/past-alert-rows';
import { Empty, Panel } from '../../components/panel';
import { link, route } from '../../state/navigation';
import { useRemote } from '../../state/remote';
import { shown } from '../../state/shown';

const SHOWN = 3;

export function EndedAlerts() {
  const { at } = route.value;
  const overview = shown.value;
  const open = overview?.alerts.items.map(({ id }) => id).join() ?? '';
  const { value } = useRemote<AlertsPage>(
    overview && at === null ? 'alerts' : null,
    { status: 'past', limit: SHOWN },
    open,
    'ended',
  );
  if (!value || at !== null) return null;
  return (
    <Panel class="t-wide" title="Last alerts that ended" right={<a href={link('alerts')}>all</a>}>
      {value.alerts.length === 0 ? <Empty>None has ended.</Empty> : <PastAlertRows alerts={value.alerts} />}
    </Panel>
  );
}
