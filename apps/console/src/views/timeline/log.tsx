import type { EventsPage, RecordView } from '@opensqt/observability/console-api';
import { useEffect, useRef } from 'preact/hooks';
import { Failure } from '../../components/failure';
import { Choice, Field } from '../../components/field';
import { Empty, Panel } from '../../components/panel';
import { type Heading, Table } from '../../components/table';
import { count } from '../../format/decimal';
import { clockWithMs } from '../../format/time';
import { live, newest } from '../../state/live';
import { go, recordLink, route } from '../../state/navigation';
import { useRemote } from '../../state/remote';
import { shown } from '../../state/shown';
import { TYPES, choicesOf, filtersOf, queryOf } from './filters';

const ROWS = 50;
const HEADINGS: readonly Heading[] = [['Position', 'num'], ['UTC'], ['Type', 't-wide'], ['What']];

function FilterBar() {
  const { query } = route.value;
  const filters = filtersOf(query);
  const choices = choicesOf(shown.value ?? live.value);
  const set = (name: string) => (value: string) => {
    const { [name]: _, before: __, after: ___, ...rest } = route.value.query;
    go({ query: value === '' ? rest : { ...rest, [name]: value } }, true);
  };
  return (
    <div class="filters">
      <Choice label="Type" value={filters.type} options={TYPES} onChange={set('type')} />
      <Choice label="Symbol" value={filters.symbol} options={choices.symbols} onChange={set('symbol')} />
      <Choice label="Bot" value={filters.bot} options={choices.bots} onChange={set('bot')} />
      <Field label="Alert" placeholder="id" value={filters.alert} onInput={set('alert')} />
      <Field label="From, UTC" placeholder="03:20:18" value={filters.from} onInput={set('from')} />
      <Field label="To, UTC" placeholder="03:20:20" value={filters.to} onInput={set('to')} />
    </div>
  );
}

const middleOf = (box: Element): number => {
  const { top, height } = box.getBoundingClientRect();
  return top + height / 2;
};

function Row({ record, isSelected }: { readonly record: RecordView; readonly isSelected: boolean }) {
  const element = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    const row = isSelected ? element.current : null;
    const box = row?.closest('.log-rows');
    if (row && box) box.scrollTop += row.getBoundingClientRect().top - middleOf(box);
  }, [isSelected]);
  return (
    <tr ref={element} aria-selected={isSelected}>
      <td class="num">
        <a class="code" href={recordLink(record.position, route.value.query)}>
          {count(record.position)}
        </a>
      </td>
      <td class="muted">{clockWithMs(record.at)}</td>
      <td class="t-wide">{record.type}</td>
      <td class="message">
        <span class="phone-what phone-only">{record.type}</span>
        <span class="cut" title={record.words}>
          {record.words}
        </span>
      </td>
    </tr>
  );
}

function Pages({ page }: { readonly page: EventsPage }) {
  const { before: _, after: __, ...query } = route.value.query;
  return (
    <div class="actions">
      <button
        type="button"
        disabled={page.older === null}
        onClick={() => go({ query: { ...query, before: String(page.older) } }, true)}
      >
        Older
      </button>
      <button
        type="button"
        disabled={page.newer === null}
        onClick={() => go({ query: { ...query, after: String(page.newer) } }, true)}
      >
        Newer
      </button>
      <button
        type="button"
        disabled={!('before' in route.value.query || 'after' in route.value.query)}
        onClick={() => go({ query }, true)}
      >
        Newest
      </button>
    </div>
  );
}

/** Records of the log, oldest first, filtered; the newest follow while no page was chosen. */
export function Log({ selected }: { readonly selected: number | null }) {
  const { at, query } = route.value;
  const head = live.value?.position ?? 0;
  const isPaged = 'before' in query || 'after' in query;
  const around = isPaged
    ? {}
    : selected !== null
      ? { before: Math.max(selected, at ?? 0) + (at === null ? ROWS / 2 : 1) }
      : {};
  const day = shown.value?.time ?? live.value?.time ?? 0;
  const { value, error } = useRemote<EventsPage>(
    'events',
    {
      limit: ROWS,
      ...queryOf(filtersOf(query), day),
      before: query['before'],
      after: query['after'],
      ...around,
    },
    isPaged || at !== null || selected !== null ? '' : (newest.value ?? 0),
    'log',
  );
  const records = (value?.records ?? []).filter(({ position }) => at === null || position <= at);
  return (
    <Panel
      title="Log"
      beside={<span class="muted">{count(value?.head ?? head)} records</span>}
      right={<span class="muted small">newest at the bottom</span>}
    >
      <FilterBar />
      <Failure words={error?.message} />
      {value && records.length === 0 ? (
        <Empty>No record matches.</Empty>
      ) : (
        <Table class="log-rows" label="Log" caption="Records, oldest first" headings={HEADINGS}>
          {records.map((record) => (
            <Row key={record.position} record={record} isSelected={record.position === selected} />
          ))}
        </Table>
      )}
      {value ? <Pages page={value} /> : null}
    </Panel>
  );
}
