import {
  AlertLevel,
  type AlertEvent,
  type Clock,
  type DeliveryAbandoned,
  randomIds,
} from '@opensqt/trading-events';
import { sentence } from '../../format/format';
import { oneLine } from '../../format/plain-text';
import type { AlertsState, PendingDelivery } from '../model/alerts.state';
import { factTime } from '../model/fact-time';
import { fingerprintOf } from '../model/fingerprint';
import { LOG_CHANNEL } from '../policy/channel-route';
import { raiseFacts, resolveFacts } from '../policy/facts';
import type { AlertPolicy } from '../policy/settings';
import { channelBroken } from '../rules/other-conditions';

/** The reasons to abandon a message that the channel is notified of all the same. */
const GIVEN_UP: readonly DeliveryAbandoned['reason'][] = ['rejected', 'too_large', 'ambiguous', 'expired'];

/** The facts about channels that cannot deliver, each an alert through those that can. */
export class ChannelBreakage {
  private readonly nextId = randomIds();

  /**
   * @param clock that decisions run on
   * @param wallClock that deliveries are timed by
   */
  constructor(
    private readonly policy: AlertPolicy,
    private readonly clock: Clock,
    private readonly wallClock: Clock,
  ) {}

  /**
   * A message was abandoned. It is said where the channel broke, and where no other channel is notified of what mattered: while that is
   * known, of a channel that has not delivered since, it is not said again.
   */
  abandoned(state: Readonly<AlertsState>, data: DeliveryAbandoned): readonly AlertEvent[] {
    const { deliveryId, channel, reason, detail } = data;
    const delivery = state.pending.get(deliveryId);
    const isBroken = reason === 'broken';
    const isLost =
      GIVEN_UP.includes(reason) && delivery !== undefined && this.isKnownToNobody(state, delivery);
    if ((!isBroken && !isLost) || state.open.has(this.fingerprint(channel))) return [];
    const alert = oneLine(delivery?.notice.title ?? '');
    const words = isBroken
      ? {
          title: `Alert channel broken: ${channel}`,
          message: `Alerts no longer reach ${channel}: ${detail}. Check its token, webhook or chat in the configuration, then restart. Undelivered messages are dead letters in the log.`,
        }
      : {
          title: `Alert not delivered through ${channel}: ${alert}`,
          message: `${sentence(detail)} No other channel has it. It stands in the log as a dead letter, which can be sent again.`,
        };
    const fields = { Channel: channel, Reason: detail };
    const verdict = {
      verdict: 'raise',
      labels: { channel },
      level: AlertLevel.Error,
      ...words,
      fields,
    } as const;
    return raiseFacts(state, channelBroken.condition, verdict, ...this.now(state));
  }

  /** Something was delivered through the channel; empty where it was not known to be broken. */
  repaired(state: Readonly<AlertsState>, channel: string): readonly AlertEvent[] {
    const words = {
      title: `Alert channel works again: ${channel}`,
      message: `A message was delivered through ${channel}.`,
      fields: { Channel: channel },
    };
    const end = { words, reason: 'delivered' };
    return resolveFacts(state, this.fingerprint(channel), end, ...this.now(state), []);
  }

  /** True of a message from WARNING on where there are other channels, and none was notified of its alert, or is about to be. */
  private isKnownToNobody({ notifications }: Readonly<AlertsState>, delivery: PendingDelivery): boolean {
    const { channel, notice, covers = [delivery] } = delivery;
    const others = this.policy.channels.filter(({ name }) => name !== channel && name !== LOG_CHANNEL);
    if (others.length === 0 || notice.level === AlertLevel.Info) return false;
    const knows = (alertId: string, name: string): boolean =>
      (notifications.get(alertId)?.notified.get(name)?.outcome ?? 'abandoned') !== 'abandoned';
    return covers.some(({ alertId }) => !others.some(({ name }) => knows(alertId, name)));
  }

  private fingerprint(channel: string): string {
    return fingerprintOf(channelBroken.condition, { bot: this.policy.bot, channel });
  }

  private now(state: Readonly<AlertsState>) {
    const wallNow = this.wallClock.now();
    const now = factTime(state, this.clock.now(), wallNow);
    const cause = { id: this.nextId(now), occurredAt: now };
    return [cause, { ...this.policy, now, wallNow }] as const;
  }
}
