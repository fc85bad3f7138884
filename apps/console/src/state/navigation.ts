import { signal } from '@preact/signals';
import { type Route, type View, hrefOf, parseRoute } from './route';

/** The address that is shown. */
export const route = signal<Route>(parseRoute(location.hash));

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});

/** The address of a view at the moment that is shown. */
export const link = (view: View, id: string | null = null, query: Route['query'] = {}): string =>
  hrefOf({ view, id, at: route.value.at, query });

/** The address of a record, at the moment that is shown. */
export const recordLink = (position: number, query: Route['query'] = {}): string =>
  link('timeline', String(position), query);

/** The address of everything as it was at a position. */
export const momentLink = (position: number): string =>
  hrefOf({ view: 'overview', id: null, at: position, query: {} });

/** Goes to an address; what is left out stays. `isReplaced`: without a step in the browser's history. */
export function go(to: Partial<Route>, isReplaced = false): void {
  const next = hrefOf({ ...route.value, ...to });
  if (next === location.hash) return;
  if (isReplaced) {
    history.replaceState(null, '', next);
    route.value = parseRoute(next);
  } else {
    location.hash = next;
  }
}
