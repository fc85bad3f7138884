import type { TradingEvent } from '@opensqt/trading-events';
import { initialAlerts } from '../model/alerts.state';
import { AlertBook } from '../policy/alert-book';
import { raiseFacts } from '../policy/facts';
import { type StageVerdict, runStages } from '../policy/pipeline';
import { lookAt } from '../policy/reconcile';
import { RuleMemories } from '../policy/rule-memories';
import type { AlertPolicy } from '../policy/settings';
import { stagesLine } from './stages-line';

/**
 * Lists the channels that would be notified of an event if nothing had happened before, and of the others the stage that holds it; a line
 * each. The stages are asked that decide when it happens.
 *
 * @example
 * channelVerdicts(tripped, policy); // ['CRITICAL Circuit breaker tripped: BTCUSDT', 'log: notified', 'slack: not notified, quiet_hours …']
 */
export function channelVerdicts(event: TradingEvent, policy: AlertPolicy): readonly string[] {
  const now = event.occurredAt;
  const context = { ...policy, now, wallNow: now };
  const stated = policy.rules.flatMap((rule) => {
    if (!rule.handles.includes(event.type)) return [];
    const held = new RuleMemories([rule]).answersTo(1, event, now).flatMap(({ verdicts }) => verdicts);
    return [rule.decide?.(event), ...held].map((verdict) => ({ rule, verdict }));
  });
  const lines = stated.flatMap(({ rule, verdict }) => {
    if (verdict?.verdict !== 'raise') return [];
    const book = new AlertBook(initialAlerts(), policy, now);
    for (const fact of raiseFacts(book.state, rule.condition, verdict, event, context)) book.fold(fact);
    const alert = [...book.state.open.values()][0] ?? book.state.history[0];
    if (alert === undefined) return [];
    const channels = policy.channels.map((channel) => {
      const look = lookAt(book.state, alert, channel, context);
      return `${channel.name}: ${look === undefined ? 'notified' : verdictLine(runStages(look, []))}`;
    });
    return [`${verdict.level} ${verdict.title}`, ...channels];
  });
  return lines.length === 0 ? [`Nobody: ${event.type} raises no alert here.`] : lines;
}

function verdictLine(verdicts: readonly StageVerdict[]): string {
  const last = verdicts.at(-1);
  if (last === undefined || typeof last.answer === 'string') return 'notified';
  const { reason, until } = last.answer;
  const time = until === undefined ? '' : ` until ${new Date(until).toISOString()}`;
  return `not notified, ${reason}${time} (${stagesLine(last.stage)})`;
}
