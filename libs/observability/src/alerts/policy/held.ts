import { type EpochMs, derivedId } from '@opensqt/trading-events';
import type { AlertsState, OpenAlert } from '../model/alerts.state';
import type { Cause } from '../model/cause';
import { fingerprintOf } from '../model/fingerprint';
import { compareLevels } from '../model/levels';
import type { RuleVerdict } from '../rules/alert-rule';
import { checkedVerdict } from '../rules/checked-verdict';
import type { Answer } from './rule-memories';
import type { PolicyContext } from './settings';

/** An open alert whose text alone changed is not stated again for so long (ms). */
const STATED_AGAIN_MS = 60_000;

/** A verdict to act on, and what ids are derived from. */
export interface News {
  readonly verdict: RuleVerdict;
  readonly cause: Cause;
}

/**
 * Chooses what is new in the answer of a rule, which states everything that holds whenever it is asked. An alert that was raised at the same time
 * before is none, though it has ended: a restart asks again.
 *
 * @param event the one that the rule was asked after; absent when time had passed
 * @throws Error when something in the answer is no verdict
 */
export function newsOf(
  state: Readonly<AlertsState>,
  { rule: { condition }, at, verdicts }: Answer,
  { bot, now }: Pick<PolicyContext, 'bot' | 'now'>,
  event?: Cause,
): readonly News[] {
  const raises = verdicts.filter(({ verdict }) => verdict === 'raise').length;
  return verdicts.flatMap((given) => {
    const fingerprint = fingerprintOf(condition, { bot, ...given.labels });
    const cause =
      event !== undefined && (raises <= 1 || given.verdict === 'resolve')
        ? event
        : {
            id: derivedId('held', fingerprint, event?.id ?? String(at)),
            occurredAt: event?.occurredAt ?? at,
          };
    if (event === undefined && isPast(state.open.get(fingerprint), at, now)) return [];
    if (!isNew(state, given, fingerprint, derivedId('alert', condition, cause.id), cause.occurredAt))
      return [];
    const verdict = checkedVerdict(given);
    return verdict === undefined ? [] : [{ verdict, cause }];
  });
}

/** True for a time before what is known of the alert, which a restart asks about again. */
function isPast(alert: OpenAlert | undefined, at: EpochMs, now: EpochMs): boolean {
  return alert !== undefined && at < alert.updatedAt && alert.updatedAt <= now;
}

function isNew(
  { open, history }: Readonly<AlertsState>,
  verdict: RuleVerdict,
  fingerprint: string,
  alertId: string,
  at: EpochMs,
): boolean {
  const alert = open.get(fingerprint);
  if (verdict.verdict === 'resolve') return alert?.holds === true;
  if (alert === undefined) return !history.some(({ id }) => id === alertId);
  if (!alert.holds) return true;
  const compared = compareLevels(verdict.level, alert.level);
  if (compared !== 0) return compared > 0;
  return verdict.title !== alert.title && at - alert.updatedAt >= STATED_AGAIN_MS;
}
