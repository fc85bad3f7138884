import type { Overview } from '@opensqt/observability/console-api';
import { Icon, type Shape } from '../../components/icon';
import { count } from '../../format/decimal';
import { clockNear, dateAndClock, seconds } from '../../format/time';
import { type VerdictLook, inThePast, plural, titleInThePast, verdictLook } from '../../format/words';
import { connection, listen, live, now, receivedAt } from '../../state/live';
import { pastError, shown, tense } from '../../state/shown';
import { Evidence } from './evidence';
import { VerdictActions } from './verdict-actions';

const SHAPES: Readonly<Record<VerdictLook, Shape>> = {
  trading: 'ok',
  partly: 'warning',
  halted: 'halted',
  unknown: 'unknown',
};

interface SaidProps {
  readonly look: VerdictLook;
  readonly title: string;
  readonly since: string;
  readonly reason: string;
  readonly next?: string;
}

const Said = ({ look, title, since, reason, next = '' }: SaidProps) => (
  <div role="status">
    <h1>
      <Icon shape={SHAPES[look]} />
      <span>{title}</span> {since === '' ? null : <span class="since">{since}</span>}
    </h1>
    <p class="why">{reason}</p>
    {next === '' ? null : <p class="next">{next}</p>}
  </div>
);

function NoAnswer({ overview }: { readonly overview: Overview | null }) {
  const link = connection.value;
  const [lostFor, attempts, next] =
    link.is === 'lost' ? [now.value - link.since, link.attempts, link.nextAt - now.value] : [0, 0, 0];
  const figures = overview
    ? `Figures below are those of ${dateAndClock(overview.time ?? receivedAt.value)} UTC, position ${count(overview.position)}. They may no longer be true; orders may still rest at the exchange.`
    : 'Nothing has been received yet.';
  return (
    <section class="panel verdict" data-is="unknown" aria-label="Verdict">
      <Said
        look="unknown"
        title="Unknown: no answer from the bot"
        since={`for ${seconds(lostFor)}`}
        reason={figures}
        next={`No connection to ${location.host}, ${plural(attempts, 'attempt')}, next in ${seconds(next)}. Is the process running? If it was killed, resting orders stay at the exchange until the next start takes them over.`}
      />
      <div class="does">
        <button type="button" class="main" onClick={listen}>
          Try now
        </button>
      </div>
    </section>
  );
}

function Waiting() {
  return (
    <section class="panel verdict" data-is="unknown" aria-label="Verdict">
      <Said
        look="unknown"
        title={
          tense.value === 'past' ? 'Unknown: that moment is being read' : 'Unknown: connecting to the bot'
        }
        since=""
        reason={pastError.value?.message ?? 'Figures appear once it has answered.'}
      />
    </section>
  );
}

/** The answer to "does it trade?", with its reason and since when. */
export function Verdict() {
  const overview = shown.value;
  if (tense.value === 'stale') return <NoAnswer overview={overview} />;
  if (!overview) return <Waiting />;
  const isPast = tense.value === 'past';
  const { verdict, time, wallTime } = overview;
  const look = verdictLook(verdict);
  const moment = time ?? wallTime;
  const since = verdict.since
    ? `since ${clockNear(verdict.since.at, moment)}, ${seconds(moment - verdict.since.at)}`
    : '';
  const until = isPast && live.value ? 'As it was recorded; nothing of later records.' : '';
  return (
    <section class="panel verdict" data-is={look} aria-label="Verdict">
      <Said
        look={look}
        title={isPast ? titleInThePast(verdict.title) : verdict.title}
        since={since}
        reason={isPast ? inThePast(verdict.reason) : verdict.reason}
        next={until}
      />
      {isPast ? null : <VerdictActions overview={overview} />}
      <Evidence overview={overview} />
    </section>
  );
}
