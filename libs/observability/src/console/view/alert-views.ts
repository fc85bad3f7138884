import type { Alert, AlertsState, OpenAlert } from '../../alerts/model/alerts.state';
import { compareLevels } from '../../alerts/model/levels';
import { CompiledMatchers } from '../../alerts/policy/stages/matchers';
import { startOf } from '../../alerts/policy/stages/muting';
import { nameOfLimit } from '../../alerts/rules/risk-units';
import { formatCode, formatScope } from '../../format/format';
import type { OpenAlertView } from '../api/overview';
import type { AlertView } from '../api/alerts';

const matchers = new CompiledMatchers();

/** The order of lists: the worst first, then the longest open. */
export function worstFirst(a: Alert, b: Alert): number {
  return compareLevels(b.level, a.level) || a.since - b.since || a.order - b.order;
}

/**
 * The open alerts as they are listed.
 *
 * @param most that are listed
 */
export function openAlerts(state: Readonly<AlertsState>, now: number, most = Infinity): OpenAlertView[] {
  const alerts = [...state.open.values()].sort(worstFirst).slice(0, most);
  return alerts.map((alert) => listed(alert, state, now));
}

/** An alert with all that is known of it. */
export function alertView(
  alert: Alert,
  state: Readonly<AlertsState>,
  now: number,
  runbook: string | undefined,
): AlertView {
  const { message, fields, status, incidentId, updatedAt, resolvedAt } = alert;
  return {
    ...listed(alert, state, now),
    message,
    fields,
    status,
    incidentId: incidentId ?? null,
    updatedAt,
    resolvedAt: resolvedAt ?? null,
    runbook: runbook ?? null,
  };
}

function listed(alert: Alert | OpenAlert, state: Readonly<AlertsState>, now: number): OpenAlertView {
  const { id, condition, level, title, labels, since, repeats, acknowledgedBy } = alert;
  return {
    id,
    condition,
    level,
    ...nameOf(alert),
    title,
    symbol: labels['symbol'] ?? null,
    labels,
    since,
    repeats,
    acknowledgedBy: acknowledgedBy ?? null,
    silencedUntil: silencedUntil(alert, state, now),
    holds: 'holds' in alert ? alert.holds : alert.status === 'open',
  };
}

/** The subject comes first in a list: cutting a line never removes it. */
function nameOf({ condition, labels, title }: Alert): Pick<OpenAlertView, 'subject' | 'summary'> {
  const { symbol, scope, limit, exchange, channel, stream, part, writer } = labels;
  const subject = symbol ?? (scope && formatScope(scope)) ?? exchange ?? channel ?? part ?? writer;
  const what = limit === undefined ? formatCode(condition) : nameOfLimit(limit);
  if (subject === undefined) return { subject: formatCode(condition), summary: title };
  return { subject, summary: stream === undefined ? what : `${what} (${stream} stream)` };
}

function silencedUntil(alert: Alert, { silences }: Readonly<AlertsState>, now: number): number | null {
  const holding = [...silences.values()].filter(
    (silence) => startOf(silence) <= now && now < silence.until && matchers.matches(silence.matchers, alert),
  );
  return holding.length === 0 ? null : Math.max(...holding.map(({ until }) => until));
}
