import type { Alert, AlertsState } from '../../alerts/model/alerts.state';
import { worstFirst } from './alert-views';

const USUAL = { open: 1_000, past: 100 };

/** A page of alerts: those that come after the one that `before` names by its order. */
export interface AlertsQuery {
  readonly status: 'open' | 'past';
  readonly limit: number | undefined;
  readonly before: number | undefined;
}

/**
 * Open alerts, the worst first, or past ones, the newest first.
 *
 * @returns `next`: the `before` of the page that follows; null where none does
 */
export function alertsBefore(
  state: Readonly<Pick<AlertsState, 'open' | 'history'>>,
  { status, limit = USUAL[status], before }: AlertsQuery,
): { readonly alerts: readonly Alert[]; readonly next: number | null } {
  const left = status === 'open' ? openAfter(state, before) : pastBefore(state, before);
  const alerts = left.slice(0, limit);
  return { alerts, next: left.length > limit ? (alerts.at(-1)?.order ?? null) : null };
}

/** None where the alert that `before` names is too long past to be known. */
function openAfter(
  { open, history }: Readonly<Pick<AlertsState, 'open' | 'history'>>,
  before: number | undefined,
): readonly Alert[] {
  const sorted: readonly Alert[] = [...open.values()].sort(worstFirst);
  if (before === undefined) return sorted;
  // One that has ended since still has its place among them.
  const named = [...sorted, ...history].find(({ order }) => order === before);
  return named === undefined ? [] : sorted.filter((alert) => worstFirst(named, alert) < 0);
}

function pastBefore(
  { history }: Readonly<Pick<AlertsState, 'history'>>,
  before = Infinity,
): readonly Alert[] {
  return history.filter(({ order }) => order < before).sort((a, b) => b.order - a.order);
}
