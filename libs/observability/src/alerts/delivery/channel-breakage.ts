import {
  AlertLevel,
  type AlertEvent,
  type Clock,
  type DeliveryAbandoned,
  randomIds,
} from '@opensqt/trading-events';
import { commandLine, sentence } from '../../format/format';
import { oneLine } from '../../format/plain-text';
import type { AlertsState, PendingDelivery } from '../model/alerts.state';
import { factTime } from '../model/fact-time';
import { type SubjectLabels, fingerprintOf } from '../model/fingerprint';
import { LOG_CHANNEL } from '../policy/channel-route';
import { raiseFacts, resolveFacts } from '../policy/facts';
import type { AlertPolicy } from '../policy/settings';
import { channelBroken } from '../rules/other-conditions';

/** The reasons to abandon a message that the channel is notified of all the same. */
const GIVEN_UP: readonly DeliveryAbandoned['reason'][] = ['rejected', 'too_large', 'ambiguous', 'expired'];

const brokenLabels = (channel: string): SubjectLabels => ({ channel });
/** A channel that lost a message may break later: that is a subject of its own. */
const lostLabels = (channel: string): SubjectLabels => ({ channel, message: 'lost' });

/** The facts about channels that cannot deliver, each an alert through those that can. */
export class ChannelBreakage {
  private readonly nextId = randomIds();

  /**
   * @param clock that decisions run on
   * @param wallClock that deliveries are timed by
   * @param command the beginning of the commands that messages name
   */
  constructor(
    private readonly policy: AlertPolicy,
    private readonly clock: Clock,
    private readonly wallClock: Clock,
    private readonly command: string,
  ) {}

  /**
   * A message was abandoned. It is said where the channel broke, and where no other channel is notified of what mattered: while either is
   * known, of a channel that has not delivered since, a lost message is not said again.
   */
  abandoned(state: Readonly<AlertsState>, data: DeliveryAbandoned): readonly AlertEvent[] {
    const { deliveryId, channel, reason, detail } = data;
    if (this.isOpen(state, brokenLabels(channel))) return [];
    const delivery = state.pending.get(deliveryId);
    const raise = (labels: SubjectLabels, title: string, message: string): readonly AlertEvent[] => {
      const fields = { Channel: channel, Reason: detail };
      const level = AlertLevel.Error;
      const verdict = { verdict: 'raise', labels, level, title, message, fields } as const;
      return raiseFacts(state, channelBroken.condition, verdict, ...this.now(state));
    };
    if (reason === 'broken')
      return raise(
        brokenLabels(channel),
        `Alert channel broken: ${channel}`,
        `Alerts no longer reach ${channel}: ${sentence(detail)} Check its token, webhook or chat in the configuration, then restart. Undelivered messages are dead letters in the log.`,
      );
    if (!GIVEN_UP.includes(reason) || delivery === undefined || !this.isKnownToNobody(state, delivery))
      return [];
    if (this.isOpen(state, lostLabels(channel))) return [];
    return raise(
      lostLabels(channel),
      `Alert not delivered through ${channel}: ${oneLine(delivery.notice.title)}`,
      `${sentence(detail)} No other channel has it. ${this.deadLetter()}`,
    );
  }

  /** Something was delivered through the channel; empty where nothing was known to be wrong with it. */
  repaired(state: Readonly<AlertsState>, channel: string): readonly AlertEvent[] {
    const now = this.now(state);
    const fields = { Channel: channel };
    const delivered = `A message was delivered through ${channel}.`;
    const works = { title: `Alert channel works again: ${channel}`, message: delivered, fields };
    const isLost = {
      title: `Alert channel works again: ${channel}; a dead letter was not sent`,
      message: `${delivered} The one that was lost was not. ${this.deadLetter()}`,
      fields,
    };
    const end = (labels: SubjectLabels, words: typeof works): readonly AlertEvent[] =>
      resolveFacts(state, this.fingerprint(labels), { words, reason: 'delivered' }, ...now, []);
    return [...end(brokenLabels(channel), works), ...end(lostLabels(channel), isLost)];
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

  private deadLetter(): string {
    const typed = (options: string): string => commandLine(this.command, 'alerts', options);
    return `It stands in the log as a dead letter. To send it again: ${typed('resend ID')} (its id: ${typed('dead-letters')}).`;
  }

  private isOpen(state: Readonly<AlertsState>, labels: SubjectLabels): boolean {
    return state.open.has(this.fingerprint(labels));
  }

  private fingerprint(labels: SubjectLabels): string {
    return fingerprintOf(channelBroken.condition, { bot: this.policy.bot, ...labels });
  }

  private now(state: Readonly<AlertsState>) {
    const wallNow = this.wallClock.now();
    const now = factTime(state, this.clock.now(), wallNow);
    const cause = { id: this.nextId(now), occurredAt: now };
    return [cause, { ...this.policy, now, wallNow }] as const;
  }
}
