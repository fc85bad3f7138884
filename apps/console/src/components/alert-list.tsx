import type { OpenAlertView } from '@opensqt/observability/console-api';
import { seconds } from '../format/time';
import { capital, plural, scopeWords } from '../format/words';
import { link } from '../state/navigation';
import type { AlertRow } from '../state/grouping';
import { Level } from './level';

interface RowsProps {
  readonly rows: readonly AlertRow[];
  /** Market time of the moment shown. */
  readonly now: number;
  readonly selected?: string | null;
}

const notes = ({ acknowledgedBy, silencedUntil, holds, repeats }: OpenAlertView) =>
  [
    acknowledgedBy === null ? '' : `acknowledged by ${acknowledgedBy}`,
    silencedUntil === null ? '' : 'silenced',
    holds ? '' : 'flapping: does not hold for the moment',
    repeats > 0 ? `again ${repeats} ×` : '',
  ]
    .filter(Boolean)
    .join(' · ');

function Single({
  alert,
  now,
  isSelected,
}: {
  readonly alert: OpenAlertView;
  readonly now: number;
  readonly isSelected: boolean;
}) {
  const note = notes(alert);
  return (
    <li>
      <a href={link('alerts', alert.id)} aria-current={isSelected ? 'true' : undefined} title={alert.title}>
        <Level level={alert.level} />
        <span class="t">
          <b>{alert.subject === scopeWords('global') ? capital(alert.subject) : alert.subject}</b>{' '}
          {alert.summary}
        </span>
        <span class="m">{seconds(now - alert.since)}</span>
        {note === '' ? null : <span class="n">{note}</span>}
      </a>
    </li>
  );
}

function Group({ row, now }: { readonly row: Extract<AlertRow, { kind: 'group' }>; readonly now: number }) {
  const [oldest] = row.alerts;
  const areSymbols = row.alerts.every(({ symbol }) => symbol !== null);
  return (
    <li>
      <a href={link('alerts', null, { filter: `${row.level} ${row.condition}`, ungrouped: '1' })}>
        <Level level={row.level} />
        <span class="t">
          <b>{plural(row.alerts.length, areSymbols ? 'symbol' : 'alert')}</b> {row.summary}
        </span>
        <span class="m">{row.alerts.length} open</span>
        <span class="n">
          {oldest ? `oldest ${seconds(now - oldest.since)}: ` : ''}
          {row.alerts.map(({ subject }) => subject).join(', ')}
        </span>
      </a>
    </li>
  );
}

/** Rows of open alerts. */
export function AlertRows({ rows, now, selected = null }: RowsProps) {
  return (
    <ul class="alerts">
      {rows.map((row) =>
        row.kind === 'alert' ? (
          <Single key={row.alert.id} alert={row.alert} now={now} isSelected={row.alert.id === selected} />
        ) : (
          <Group key={`${row.level} ${row.condition}`} row={row} now={now} />
        ),
      )}
    </ul>
  );
}
