import { count } from '../format/decimal';
import { clock } from '../format/time';
import { capital } from '../format/words';
import { connection, live } from '../state/live';
import { link, route } from '../state/navigation';
import { VIEWS } from '../state/route';
import { tense } from '../state/shown';
import { Icon } from './icon';

function AlertCount() {
  const alerts = live.value?.alerts;
  if (!alerts || alerts.open === 0) return null;
  const worst = alerts.worst ?? 'INFO';
  return (
    <span class={`count ${worst.toLowerCase()}`}>
      {alerts.open}
      {tense.value === 'past' ? ' now' : ''}
      <span class="hide"> open, worst {worst}</span>
    </span>
  );
}

function Link() {
  const overview = live.value;
  const isLost = connection.value.is === 'lost';
  const words = tense.value === 'past' ? 'live is at position' : 'live, position';
  return (
    <div class="link">
      {isLost || !overview ? (
        <span>
          <Icon shape="unknown" tone="unknown" /> {isLost ? 'not connected' : 'connecting'}
        </span>
      ) : (
        <span class="long">
          <Icon shape="ok" tone="ok" /> {words} <b>{count(overview.position)}</b>
        </span>
      )}
      {overview?.time == null ? null : (
        <b>
          {clock(overview.time)} <span class="unit">UTC</span>
        </b>
      )}
    </div>
  );
}

/** The bot's name, the views and the connection. */
export function Top() {
  const { view } = route.value;
  const overview = live.value;
  const exchanges = [...new Set(overview?.symbols.flatMap(({ exchange }) => exchange ?? []))];
  return (
    <header class="top">
      <div class="who">
        <b class="cut" title={overview?.bot}>
          {overview?.bot ?? 'OpenSQT'}
        </b>
        <span class="unit">{exchanges.join(', ')}</span>
      </div>
      <nav aria-label="Views">
        <ul>
          {VIEWS.map((name) => (
            <li key={name}>
              <a href={link(name)} aria-current={view === name ? 'page' : undefined}>
                {capital(name)} {name === 'alerts' ? <AlertCount /> : null}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Link />
    </header>
  );
}
