import type { AlertsPage } from '@opensqt/observability/console-api';
import { useMemo } from 'preact/hooks';
import { AlertRows } from '../../components/alert-list';
import { Failure } from '../../components/failure';
import { Empty, Panel } from '../../components/panel';
import { PastAlertRows } from '../../components/past-alert-rows';
import { alertRows, levelCounts, matching } from '../../state/grouping';
import { go, route } from '../../state/navigation';
import { useRemote } from '../../state/remote';
import { shown, tense } from '../../state/shown';
import { AlertPage } from './alert-page';

const PAGE = 100;

function Filter({ value }: { readonly value: string }) {
  return (
    <input
      data-filter
      aria-label="Filter alerts"
      placeholder="condition, symbol, level  /"
      size={22}
      value={value}
      onInput={(event) => {
        const { filter: _, ungrouped: __, ...query } = route.value.query;
        const filter = event.currentTarget.value;
        go({ query: filter === '' ? query : { ...query, filter } }, true);
      }}
    />
  );
}

function Open({ filter, selected }: { readonly filter: string; readonly selected: string | null }) {
  const overview = shown.value;
  const isUngrouped = route.value.query['ungrouped'] === '1';
  const items = useMemo(() => matching(overview?.alerts.items ?? [], filter), [overview, filter]);
  const rows = useMemo(
    () => (isUngrouped ? items.map((alert) => ({ kind: 'alert', alert }) as const) : alertRows(items)),
    [items, isUngrouped],
  );
  const isPast = tense.value === 'past';
  const areGrouped = rows.some(({ kind }) => kind === 'group');
  return (
    <Panel title="Open" count={overview?.alerts.open} right={<Filter value={filter} />}>
      {items.length > 8 ? (
        <p class="pad small muted">
          {levelCounts(items)}.{' '}
          {areGrouped ? 'Conditions with more than 8 open, CRITICAL excepted, are one row each.' : ''}
        </p>
      ) : null}
      {overview && overview.alerts.open > overview.alerts.items.length ? (
        <p class="pad small muted">
          The worst {overview.alerts.items.length} of {overview.alerts.open} are listed.
        </p>
      ) : null}
      {!overview ? null : rows.length === 0 ? (
        <Empty>{filter !== '' ? 'None matches the filter.' : isPast ? 'None was open.' : 'None open.'}</Empty>
      ) : (
        <AlertRows rows={rows} now={overview.time ?? overview.wallTime} selected={selected} />
      )}
    </Panel>
  );
}

function Past({ filter, selected }: { readonly filter: string; readonly selected: string | null }) {
  const { at, query } = route.value;
  const before = query['before'];
  const open = shown.value?.alerts.items.map(({ id }) => id).join() ?? '';
  const { value, error } = useRemote<AlertsPage>(
    'alerts',
    { status: 'past', limit: PAGE, before },
    at === null ? open : '',
    `past ${before}`,
  );
  const until = at === null ? Infinity : (shown.value?.time ?? Infinity);
  const ended = value?.alerts.filter(({ resolvedAt, since }) => (resolvedAt ?? since) <= until);
  const alerts = matching(ended ?? [], filter);
  return (
    <Panel
      title="Past"
      count={value && value.next === null && before === undefined ? alerts.length : undefined}
      right={<span class="muted small">newest first, time of end</span>}
    >
      <Failure words={error?.message} />
      {value === null ? null : alerts.length === 0 ? (
        <Empty>{filter === '' ? 'None has ended.' : 'None matches the filter.'}</Empty>
      ) : (
        <PastAlertRows alerts={alerts} selected={selected} />
      )}
      {value?.next == null ? null : (
        <div class="actions">
          <button type="button" onClick={() => go({ query: { ...query, before: String(value.next) } })}>
            Older
          </button>
        </div>
      )}
    </Panel>
  );
}

/** Open and past alerts, and one of them opened. */
export function AlertsView() {
  const { id, query } = route.value;
  const filter = query['filter'] ?? '';
  const overview = shown.value;
  const isPhone = matchMedia('(max-width: 599px)').matches;
  const chosen = id ?? (isPhone ? null : (overview?.alerts.items[0]?.id ?? null));
  return (
    <main>
      <h1 class="hide">Alerts</h1>
      <div class={`split${id === null ? '' : ' has-detail'}`}>
        <div class="stack">
          <Open filter={filter} selected={chosen} />
          <Past filter={filter} selected={chosen} />
        </div>
        <div class="stack">
          {chosen === null ? (
            <Panel title="Alert">
              <Empty>Choose one of the list.</Empty>
            </Panel>
          ) : (
            <AlertPage key={chosen} id={chosen} />
          )}
        </div>
      </div>
    </main>
  );
}
