import { effect } from '@preact/signals';
import { capital, titleInThePast } from '../format/words';
import { live } from './live';
import { route } from './navigation';
import { shown, tense } from './shown';

function words(): string {
  const overview = shown.value;
  const view = capital(route.value.view);
  const name = live.value?.bot ?? overview?.bot ?? 'OpenSQT';
  const open = live.value?.alerts.open ?? 0;
  const before = open > 0 ? `(${open}) ` : '';
  switch (tense.value) {
    case 'past':
      return `PAST ${route.value.at ?? ''} · ${overview ? titleInThePast(overview.verdict.title) : ''} · ${name} · ${view}`;
    case 'stale':
      return `${before}Unknown: no answer · ${name} · ${view}`;
    case 'now':
      return `${before}${overview?.verdict.title ?? 'Connecting'} · ${name} · ${view}`;
  }
}

function icon(): string {
  if (tense.value === 'stale' || !live.value) return 'unknown';
  const { alerts, verdict } = live.value;
  if (alerts.open === 0) return verdict.verdict === 'trading' ? 'ok' : 'unknown';
  return `${(alerts.worst ?? 'INFO').toLowerCase()}-${Math.min(alerts.open, 10)}`;
}

/** Keeps the tab's title and icon: the number of open alerts, and the worst level among them. */
export function keepTab(): void {
  effect(() => {
    document.title = words();
  });
  effect(() => {
    const shape = icon();
    const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    const before = link?.getAttribute('href') ?? '';
    const href = before.replace(/#.*/, `#${shape}`);
    if (href !== before) link?.setAttribute('href', href);
  });
}
