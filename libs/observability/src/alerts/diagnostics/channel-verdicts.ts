import type { TradingEvent } from '@opensqt/trading-events';
import { initialAlerts } from '../model/alerts.state';
import { decideOn } from '../policy/decide';
import type { AlertPolicy } from '../policy/decision-context';

/**
 * Lists the channels that would be notified of an event if nothing had happened before, and why the others not; a line each.
 *
 * @example
 * channelVerdicts(tripped, policy); // ['CRITICAL Circuit breaker tripped: BTCUSDT', 'log: notified', 'slack: not notified, quiet_hours until …']
 */
export function channelVerdicts(event: TradingEvent, policy: AlertPolicy): readonly string[] {
  const decisions = decideOn(initialAlerts(), event, { ...policy, wallNow: event.occurredAt });
  if (decisions.length === 0) return [`Nobody: ${event.type} raises no alert here.`];
  return decisions.flatMap((decision) => {
    if (decision.type === 'alert.raised')
      return [`${decision.data.notice.level} ${decision.data.notice.title}`];
    if (decision.type === 'delivery.requested') return [`${decision.data.channel}: notified`];
    if (decision.type !== 'alert.suppressed') return [];
    const { channel = 'nobody', reason, until } = decision.data;
    return [
      `${channel}: not notified, ${reason}${until === undefined ? '' : ` until ${new Date(until).toISOString()}`}`,
    ];
  });
}
