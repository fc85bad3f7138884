import type { AlertDetail } from '@opensqt/observability/console-api';
import { CausationPanel } from '../../components/causation';
import { Reading } from '../../components/failure';
import { Level } from '../../components/level';
import { Panel } from '../../components/panel';
import { count } from '../../format/decimal';
import { clockNear, seconds } from '../../format/time';
import { newest } from '../../state/live';
import { link, recordLink, route } from '../../state/navigation';
import { useRemote } from '../../state/remote';
import { shown, tense } from '../../state/shown';
import { AlertActions } from './alert-actions';
import { Story } from './story';

function lasted({ alert }: AlertDetail, now: number): string {
  if (alert.status === 'open')
    return `${tense.value === 'past' ? 'was open' : 'open'} for ${seconds(now - alert.since)}`;
  if (alert.resolvedAt === null) return clockNear(alert.since, now);
  return `${clockNear(alert.since, now)} to ${clockNear(alert.resolvedAt, now)}, ${seconds(alert.resolvedAt - alert.since)}`;
}

function Facts({ detail, now }: { readonly detail: AlertDetail; readonly now: number }) {
  const { alert, raised, cause } = detail;
  const labels = Object.entries(alert.labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  return (
    <dl class="kv">
      <dt>Raised</dt>
      <dd>
        {clockNear(alert.since, now)} UTC
        {raised?.position == null ? null : (
          <>
            {' '}
            at position <a href={recordLink(raised.position)}>{count(raised.position)}</a>
          </>
        )}
        {cause ? (
          <>
            , from{' '}
            <a href={recordLink(cause.position)}>
              {cause.type} {count(cause.position)}
            </a>
          </>
        ) : null}
      </dd>
      <dt>Labels</dt>
      <dd class="code">{labels}</dd>
      {Object.entries(alert.fields).map(([name, value]) => [
        <dt key={`${name} name`}>{name}</dt>,
        <dd key={name}>{value}</dd>,
      ])}
      <dt>Acknowledged</dt>
      <dd>{alert.acknowledgedBy === null ? 'by nobody' : `by ${alert.acknowledgedBy}`}</dd>
      {alert.silencedUntil === null ? null : (
        <>
          <dt>Silenced</dt>
          <dd>until {clockNear(alert.silencedUntil, now)} UTC</dd>
        </>
      )}
      <dt>Id</dt>
      <dd class="code">{alert.id.slice(0, 8)}</dd>
    </dl>
  );
}

function Steps({ detail }: { readonly detail: AlertDetail }) {
  return (
    <Panel
      title="Its life"
      count={detail.steps.length}
      right={<span class="muted small">market time, UTC</span>}
    >
      <ol class="pad incident">
        {detail.steps.map(({ position, at, type, words }) => (
          <li key={position} class="step">
            <a class="code" href={recordLink(position)} title={`position ${position}`}>
              {clockNear(at, detail.alert.since)}
            </a>
            <span>
              <span class="muted small">{type}</span> {words}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** One alert: what it says, the channels it was sent to and why not, what it followed from. */
export function AlertPage({ id }: { readonly id: string }) {
  const { at } = route.value;
  const overview = shown.value;
  const version = at ?? newest.value ?? 0;
  const { value: detail, error } = useRemote<AlertDetail>(
    `alerts/${encodeURIComponent(id)}`,
    { at },
    version,
  );
  const now = overview?.time ?? detail?.alert.updatedAt ?? 0;
  if (!detail) return <Reading title="Alert" error={error} />;
  const { alert } = detail;
  return (
    <>
      <article class="panel" aria-label={alert.title}>
        <header>
          <a class="button phone-only" href={link('alerts')}>
            All
          </a>
          <Level level={alert.level} isOver={alert.status !== 'open'} />
          <h2 class="large">{alert.title}</h2>
          <span class="right muted">{lasted(detail, now)}</span>
        </header>
        <div class="pad stack gap">
          <p class="large">{alert.message}</p>
          <Facts detail={detail} now={now} />
        </div>
        <AlertActions detail={detail} />
      </article>
      <Story detail={detail} />
      {detail.raised?.position == null ? null : (
        <CausationPanel
          position={(detail.cause ?? detail.raised).position ?? 0}
          selected={detail.raised.position}
          title="What it followed from, and led to"
        />
      )}
      <Steps detail={detail} />
    </>
  );
}
