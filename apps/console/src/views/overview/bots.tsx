import type { WriterView } from '@opensqt/observability/console-api';
import { Icon } from '../../components/icon';
import { Empty, Panel } from '../../components/panel';
import { seconds } from '../../format/time';
import { shown, tense } from '../../state/shown';

const QUIET = 60_000;

function Bot({ writer, wall }: { readonly writer: WriterView; readonly wall: number }) {
  const isPast = tense.value === 'past';
  const isWriting = tense.value === 'now' && wall - writer.lastWall < QUIET;
  const words = isPast ? 'had written' : isWriting ? 'writing' : 'quiet';
  const name = writer.writer === writer.bot ? writer.bot : `${writer.bot} (${writer.writer})`;
  return (
    <tr>
      <th scope="row" class="sym">
        <span class="cut" title={name}>
          {name}
          {writer.isThis ? ', this page' : ''}
        </span>
      </th>
      <td>
        <span class="state">
          <Icon shape={isWriting ? 'ok' : 'unknown'} tone={isWriting ? 'ok' : 'unknown'} />
          <span>{words}</span>
        </span>
      </td>
      <td class="num muted">{seconds(wall - writer.lastWall)} ago</td>
    </tr>
  );
}

/** The processes that write to the log. */
export function Bots() {
  const overview = shown.value;
  if (overview?.writers.length === 0)
    return (
      <Panel title="Bots on this log">
        <Empty>Not recorded.</Empty>
      </Panel>
    );
  return (
    <Panel title="Bots on this log" count={overview?.writers.length}>
      <table>
        <caption class="hide">Processes that write to the log; times by the wall clock</caption>
        <thead>
          <tr>
            <th scope="col">Bot</th>
            <th scope="col">State</th>
            <th scope="col" class="num">
              Last record
            </th>
          </tr>
        </thead>
        <tbody>
          {overview?.writers.map((writer) => (
            <Bot key={`${writer.bot}/${writer.writer}`} writer={writer} wall={overview.wallTime} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
