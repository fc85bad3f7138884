import type { RulesRun } from '@opensqt/observability/console-api';
import { Empty, Panel } from '../../components/panel';
import { type Heading, Table } from '../../components/table';
import { count } from '../../format/decimal';
import { dateAndClock, duration } from '../../format/time';
import { plural } from '../../format/words';

const CHANGES = [
  ['new', '+', 'buy'],
  ['gone', '−', 'sell'],
  ['louder', '▲', ''],
  ['quieter', '▼', ''],
] as const;

const DAYS: readonly Heading[] = [
  ['Day, UTC'],
  ...['New', 'Gone', 'Louder', 'Quieter', 'Same'].map((words) => [words, 'num'] as const),
];

const Days = ({ days }: { readonly days: RulesRun['days'] }) => (
  <Table label="Days" caption="Alerts and messages by day" headings={DAYS}>
    {days.map((day) => (
      <tr key={day.day}>
        <th scope="row">{day.day}</th>
        {([...CHANGES.map(([change]) => change), 'same'] as const).map((change) => (
          <td key={change} class="num">
            {count(day[change])}
          </td>
        ))}
      </tr>
    ))}
  </Table>
);

/** The alerts and messages that would have been others. */
export function Differences({ run }: { readonly run: RulesRun | null }) {
  const title = 'Would have been different';
  if (run === null)
    return (
      <Panel title={title}>
        <Empty>Change something and run it: the log is decided on again, and nothing can be sent.</Empty>
      </Panel>
    );
  const part =
    run.from === null || run.to === null ? '' : `, ${dateAndClock(run.from)} to ${dateAndClock(run.to)}`;
  return (
    <Panel
      title={title}
      right={<span class="muted small">nothing was sent · took {duration(run.took)}</span>}
    >
      <p class="pad small muted">
        {run.isCut ? 'The newest ' : ''}
        {plural(run.records, 'record')}
        {part}
      </p>
      {run.days.length > 0 ? <Days days={run.days} /> : null}
      {run.differences.length === 0 ? (
        <Empty>No difference.</Empty>
      ) : (
        <Table label="Differences" caption="Each difference" headings={[['Change'], ['Message or alert']]}>
          {run.differences.map(({ change, of, words }, index) => {
            const [, sign, tone] = CHANGES.find(([one]) => one === change) ?? CHANGES[0];
            return (
              <tr key={index}>
                <th scope="row">
                  <span class={tone}>
                    {sign} {change}
                  </span>{' '}
                  <span class="unit">{of}</span>
                </th>
                <td>{words}</td>
              </tr>
            );
          })}
        </Table>
      )}
      {run.more > 0 ? <Empty>And {plural(run.more, 'further difference')}.</Empty> : null}
    </Panel>
  );
}
