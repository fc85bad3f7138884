/** The views, in the order of the navigation and of the keys 1 to 6. */
export const VIEWS = ['overview', 'alerts', 'timeline', 'delivery', 'rules', 'missed'] as const;
export type View = (typeof VIEWS)[number];

/** The page's address: `#/alerts/ID?at=5601`. */
export interface Route {
  readonly view: View;
  /** Of an alert's or a record's own page. */
  readonly id: string | null;
  /** The position that is shown; null: live. */
  readonly at: number | null;
  /** Filters and choices of the view. */
  readonly query: Readonly<Record<string, string>>;
}

const isView = (name: string): name is View => (VIEWS as readonly string[]).includes(name);

/** Reads an address; what makes no sense in it is the live Overview. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name = '', ...rest] = path.split('/');
  const { at: position, ...query } = Object.fromEntries(new URLSearchParams(search));
  const at = /^\d{1,15}$/.test(position ?? '') ? Number(position) : null;
  return {
    view: isView(name) ? name : 'overview',
    id: rest.length > 0 ? decoded(rest.join('/')) : null,
    at,
    query,
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text) || null;
  } catch {
    return text;
  }
}

/** Writes an address. */
export function hrefOf({ view, id, at, query }: Route): string {
  const search = new URLSearchParams(
    Object.entries({ ...query, at: at === null ? '' : String(at) }).filter(([, value]) => value !== ''),
  );
  const path = `#/${view}${id === null ? '' : `/${encodeURIComponent(id)}`}`;
  return search.size > 0 ? `${path}?${search}` : path;
}
