import { AlertLevel, type AlertEvent, type Clock, randomIds } from '@opensqt/trading-events';
import type { AlertsState } from '../model/alerts.state';
import { factTime } from '../model/fact-time';
import { fingerprintOf } from '../model/fingerprint';
import { raiseFacts, resolveFacts } from '../policy/facts';
import type { AlertPolicy } from '../policy/settings';
import { channelBroken } from '../rules/other-conditions';

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

  /** The channel broke; empty while that is known. */
  broke(state: Readonly<AlertsState>, channel: string, reason: string): readonly AlertEvent[] {
    if (state.open.has(this.fingerprint(channel))) return [];
    const words = {
      title: `Alert channel broken: ${channel}`,
      message: `Alerts no longer reach ${channel}: ${reason}. Check its token, webhook or chat in the configuration, then restart. Undelivered messages are dead letters in the log.`,
      fields: { Channel: channel, Reason: reason },
    };
    const verdict = { verdict: 'raise', labels: { channel }, level: AlertLevel.Error, ...words } as const;
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
