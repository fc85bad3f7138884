import type { Projection } from '@opensqt/observability';
import { encodedState, type Values } from '@opensqt/observability/replay';

/**
 * A projection's state as one value per path, so that two states can be compared: maps by their keys, lists by their order.
 *
 * @example
 * statePaths(healthProjection, state).get('streams.paper.market.connected'); // 'true'
 */
export function statePaths<State>(projection: Pick<Projection<State>, 'encode'>, state: State): Values {
  const values = new Map<string, string>();
  const visit = (path: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) {
      values.set(path, JSON.stringify(value));
      return;
    }
    const entries = Array.isArray(value) ? listEntries(value) : Object.entries(value);
    for (const [key, one] of entries) visit(path === '' ? key : `${path}.${key}`, one);
  };
  visit('', JSON.parse(encodedState(projection, state)) as unknown);
  return values;
}

function listEntries(list: readonly unknown[]): readonly (readonly [string, unknown])[] {
  const isMap = list.every(
    (entry) => Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string',
  );
  if (isMap) return list as readonly (readonly [string, unknown])[];
  return list.map((entry, index) => [String(index), entry] as const);
}
