import {
  type AlertEvent,
  AlertLevel,
  type EpochMs,
  derivedId,
  formatDuration,
} from '@opensqt/trading-events';
import type { AlertsState } from '../model/alerts.state';
import type { Cause } from '../model/cause';
import { fingerprintOf } from '../model/fingerprint';
import { raiseFacts, resolveFacts } from './facts';
import type { PolicyContext } from './settings';

/** The condition of a part of alerting that throws: a rule, a formatter, a stage, a channel. */
export const ALERTING_FAILING = 'alerting_failing';
/** A part that has not failed for so long (ms) works again. */
export const WORKS_AGAIN_MS = 10 * 60_000;

type State = Readonly<AlertsState>;

/** A part threw and was passed over: CRITICAL, since something may go unnoticed. */
export function failingFacts(
  state: State,
  part: string,
  error: unknown,
  cause: Cause,
  context: PolicyContext,
): readonly AlertEvent[] {
  const thrown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const verdict = {
    verdict: 'raise',
    labels: { part },
    level: AlertLevel.Critical,
    title: `Alerting fails: ${part}`,
    message: `${thrown}. It was passed over: alerts that depend on it may be missing or incomplete. Other alerts are decided as usual.`,
    fields: { Part: part },
  } as const;
  return raiseFacts(state, ALERTING_FAILING, verdict, cause, context);
}

/** A part was asked, and did not throw: it works again, unless it failed a moment ago. */
export function worksAgainFacts(
  state: State,
  part: string,
  cause: Cause,
  context: PolicyContext,
): readonly AlertEvent[] {
  const fingerprint = fingerprintOf(ALERTING_FAILING, { bot: context.bot, part });
  const open = state.open.get(fingerprint);
  if (open === undefined || cause.occurredAt - open.updatedAt < WORKS_AGAIN_MS) return [];
  const words = { title: `Alerting works again: ${part}`, message: 'It no longer throws.', fields: {} };
  return resolveFacts(state, fingerprint, { words, reason: 'works again' }, cause, context, []);
}

/** Time has passed without a failure. A rule shows that it works when it is asked again; of other parts, that is all that can be known. */
export function recoveredFacts(
  state: State,
  fingerprint: string,
  at: EpochMs,
  context: PolicyContext,
): readonly AlertEvent[] {
  const open = state.open.get(fingerprint);
  const part = open?.labels['part'] ?? '';
  if (open === undefined || context.rules.some(({ condition }) => condition === part)) return [];
  const cause = { id: derivedId('recovered', open.id, String(at)), occurredAt: at };
  const title = `Alerting has not failed again: ${part}`;
  const message = `It has not failed for ${formatDuration(WORKS_AGAIN_MS)}.`;
  const end = { words: { title, message, fields: {} }, reason: 'not failed again' } as const;
  return resolveFacts(state, fingerprint, end, cause, context, []);
}
