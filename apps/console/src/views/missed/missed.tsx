import type { MissedView } from '@opensqt/observability/console-api';
import { useState } from 'preact/hooks';
import { Reading } from '../../components/failure';
import { Field } from '../../components/field';
import { Panel } from '../../components/panel';
import { count } from '../../format/decimal';
import { dateAndClock, parseTime, seconds } from '../../format/time';
import { plural } from '../../format/words';
import { live } from '../../state/live';
import { go, route } from '../../state/navigation';
import { useRemote } from '../../state/remote';
import { lastVisit } from '../../state/visit';
import { MissedFigures } from './figures';
import { IncidentList, IncidentPage, Steps } from './incident';

const moment = ({ at, position }: MissedView['from']) =>
  `${at === null ? 'the beginning' : dateAndClock(at)} (position ${count(position)})`;

function titleOf(missed: MissedView, since: string): string {
  const { from, to } = missed;
  if (since !== '') return `Since ${since} UTC`;
  if (from.at === null || to.at === null) return 'Since the log began';
  return `Since your last visit, ${seconds(to.at - from.at)} ago`;
}

function Since({ missed, since }: { readonly missed: MissedView; readonly since: string }) {
  const [text, setText] = useState(since || (missed.from.at === null ? '' : dateAndClock(missed.from.at)));
  const { incidents, older, notTrading, alerts, from, to, isCut } = missed;
  const show = (event: Event) => {
    event.preventDefault();
    go({ id: null, query: parseTime(text, to.at ?? 0) === null ? {} : { since: text.trim() } });
  };
  return (
    <section class="panel verdict" aria-label="Since">
      <div>
        <h1 class="large">{titleOf(missed, since)}</h1>
        <p class="why">
          {plural(incidents.length + older, 'incident')}
          {notTrading > 0 ? `, not trading for ${seconds(notTrading)}` : ''}. {plural(alerts.open, 'alert')}{' '}
          open {route.value.at === null ? 'now' : 'then'}.
        </p>
        <p class="next">
          From {moment(from)} to {moment(to)}.{' '}
          {isCut ? 'More than the newest records are not looked at. ' : ''}
          This browser remembers the last position it showed; nobody else sees it.
        </p>
      </div>
      <form class="does" onSubmit={show}>
        <Field label="Since, UTC" placeholder="2026-01-01 03:20" value={text} onInput={setText} />
        <button type="submit">Show</button>
      </form>
    </section>
  );
}

/** The incidents and figures since this browser's last visit, or since a time. */
export function MissedPage() {
  const { id, at, query } = route.value;
  const since = query['since'] ?? '';
  const from = since === '' ? null : parseTime(since, live.value?.time ?? 0);
  const overview = live.value;
  const [marks, setMarks] = useState(0);
  // A position beyond the end is of a log that was here before.
  const after = lastVisit.value > (overview?.position ?? Infinity) ? 0 : lastVisit.value;
  const { value, error } = useRemote<MissedView>(
    overview && 'missed',
    { at, ...(from === null ? { after } : { from }) },
    at === null ? `${overview?.verdict.verdict} ${overview?.alerts.open} ${marks}` : '',
  );
  if (!value)
    return (
      <main>
        <h1 class="hide">Missed</h1>
        <Reading title="Missed" error={error} />
      </main>
    );
  const chosen = value.incidents.find((one) => String(one.from.position) === id) ?? value.incidents[0];
  return (
    <main>
      <Since key={since} missed={value} since={from === null ? '' : since} />
      <MissedFigures missed={value} />
      <div class="split">
        <div class="stack">
          <IncidentList incidents={value.incidents} chosen={chosen} now={value.to.at ?? 0} />
          {value.others.length === 0 ? null : (
            <Panel title="Other alerts" count={value.others.length}>
              <Steps steps={value.others} />
            </Panel>
          )}
        </div>
        <div class="stack">
          {chosen ? (
            <IncidentPage key={chosen.from.position} incident={chosen} onMarked={() => setMarks(marks + 1)} />
          ) : null}
        </div>
      </div>
    </main>
  );
}
