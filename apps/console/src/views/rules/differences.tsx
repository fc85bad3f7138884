import type { RulesRun } from '@opensqt/observability/console-api';
import { Empty, Panel } from '../../components/panel';
import { count } from '../../format/decimal';
import { dateAndClock, duration } from '../../format/time';
import { plural } from '../../format/words';

const CHANGES = [
  ['new', '+', 'buy'],
  ['gone', '−', 'sell'],
  ['louder', '▲', ''],
  ['quieter', '▼', ''],
] as const;

function Days({ days }: { readonly days: RulesRun['days'] }) {
  return (
    <table>
      <caption class="hide">Alerts and messages by day</caption>
      <thead>
        <tr>
          <th scope="col">Day, UTC</th>
          {['New', 'Gone', 'Louder', 'Quieter', 'Same'].map((words) => (
            <th key={words} scope="col" class="num">
              {words}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
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
      </tbody>
    </table>
  );
}

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
        <div class="scroll" tabIndex={0} role="region" aria-label="Differences, table">
          <table>
            <caption class="hide">Each difference</caption>
            <thead>
              <tr>
                <th scope="col">Change</th>
                <th scope="col">Message or alert</th>
              </tr>
            </thead>
            <tbody>
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
            </tbody>
          </table>
        </div>
      )}
      {run.more > 0 ? <Empty>And {plural(run.more, 'further difference')}.</Empty> : null}
    </Panel>
  );
}
