import type { Happening, IncidentView } from '@opensqt/observability/console-api';
import { useState } from 'preact/hooks';
import { Action } from '../../components/action';
import { Copy } from '../../components/copy';
import { Icon } from '../../components/icon';
import { Level } from '../../components/level';
import { Empty, Panel } from '../../components/panel';
import { clock, clockNear, seconds } from '../../format/time';
import { plural } from '../../format/words';
import { link, momentLink, recordLink } from '../../state/navigation';
import { PlannedDialog } from './planned-dialog';

/** Times of the day of `day` without their date. */
const spanOf = ({ from, to }: IncidentView, day = 0) =>
  to === null
    ? `since ${clockNear(from.at, day)}`
    : `${clockNear(from.at, day)} to ${clockNear(to.at, from.at)}`;

/** The steps in order; each time leads to its record. */
export function Steps({ steps }: { readonly steps: readonly Happening[] }) {
  return (
    <ol class="pad incident">
      {steps.map(({ position, at, level, isOver, words }) => (
        <li key={`${position} ${words}`} class="step">
          <a class="code" href={recordLink(position)}>
            {clock(at)}
          </a>
          <span>
            {isOver ? (
              <span class="lv ok">
                <Icon shape="ok" /> over
              </span>
            ) : level === null ? null : (
              <Level level={level} />
            )}{' '}
            {words}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The incidents, newest first. */
export function IncidentList({
  incidents,
  chosen,
  now,
}: {
  readonly incidents: readonly IncidentView[];
  readonly chosen: IncidentView | undefined;
  /** Market time of the moment shown. */
  readonly now: number;
}) {
  return (
    <Panel title="Incidents" count={incidents.length}>
      {incidents.length === 0 ? <Empty>None: no alert about trading was open, and it traded.</Empty> : null}
      <ul class="alerts">
        {incidents.map((one) => (
          <li key={one.from.position}>
            <a
              href={link('missed', String(one.from.position))}
              aria-current={one === chosen ? 'true' : undefined}
            >
              {one.level ? <Level level={one.level} isOver={one.to !== null} /> : <span />}
              <span class="t">
                <b>{spanOf(one, now)}</b>
              </span>
              <span class="m">{one.to === null ? 'goes on' : seconds(one.to.at - one.from.at)}</span>
              <span class="n">
                {one.planned ? 'planned, ' : ''}
                {one.notTrading > 0 ? `not trading for ${seconds(one.notTrading)}: ` : ''}
                {one.steps[0]?.words}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** One incident, and its post-mortem to take along. */
export function IncidentPage({
  incident,
  onMarked,
}: {
  readonly incident: IncidentView;
  readonly onMarked: () => void;
}) {
  const { from, steps, more, planned, markdown, file } = incident;
  const [isMarking, mark] = useState(false);
  const there = (
    <>
      <Action onClick={() => mark(true)}>Mark as planned…</Action>
      {from.position === null ? null : (
        <a class="button" href={momentLink(from.position)}>
          Go there
        </a>
      )}
    </>
  );
  return (
    <>
      <Panel title={`Incident ${spanOf(incident)}`} right={there}>
        {planned === null ? null : (
          <p class="pad">
            <b>Planned</b>, says {planned.by}: {planned.reason}{' '}
            <a href={recordLink(planned.position)}>record</a>
          </p>
        )}
        <Steps steps={steps} />
        {more > 0 ? <Empty>And {plural(more, 'further step')}: see the Timeline.</Empty> : null}
      </Panel>
      <Panel
        title="Post-mortem"
        right={
          <>
            <Copy text={markdown} what="the Markdown" />
            <a
              class="button"
              download={file}
              href={`data:text/markdown;charset=utf-8,${encodeURIComponent(markdown)}`}
            >
              Download
            </a>
          </>
        }
      >
        <div class="pad">
          <pre class="md">{markdown}</pre>
        </div>
      </Panel>
      {isMarking ? (
        <PlannedDialog
          incident={incident}
          onClose={() => {
            mark(false);
            onMarked();
          }}
        />
      ) : null}
    </>
  );
}
