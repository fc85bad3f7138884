import { Inject, Injectable } from '@nestjs/common';
import { type AlertEvent, AlertLevel, type Clock, randomIds } from '@opensqt/trading-events';
import { channelBroken } from '../rules/other-conditions';
import { AlertLedger } from '../store/alert-ledger';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { ALERT_POLICY, WALL_CLOCK } from '../model/alert-tokens';
import type { Cause } from '../model/cause';
import { decideRaise, decideResolve } from '../policy/decide';
import type { AlertPolicy, DecisionContext } from '../policy/decision-context';
import { fingerprintOf } from '../model/fingerprint';

/** A channel that cannot deliver is itself alerted, through those that still can. */
@Injectable()
export class ChannelBreakage {
  private readonly nextId = randomIds();

  constructor(
    private readonly ledger: AlertLedger,
    @Inject(ALERT_POLICY) private readonly policy: AlertPolicy,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(WALL_CLOCK) private readonly wallClock: Clock,
  ) {}

  /** The meta-alert; empty while one is open. */
  broke(channel: string, reason: string): AlertEvent[] {
    if (this.ledger.state.open.has(fingerprintOf(channelBroken.condition, { channel }))) return [];
    const words = {
      title: `Alert channel broken: ${channel}`,
      message: `Alerts no longer reach ${channel}: ${reason}. Check its token, webhook or chat in the configuration, then restart. Undelivered messages are dead letters in the log.`,
      fields: { Channel: channel, Reason: reason },
    };
    const verdict = { verdict: 'raise', labels: { channel }, level: AlertLevel.Error, ...words } as const;
    return decideRaise(
      this.ledger.state,
      channelBroken.condition,
      verdict,
      this.cause(),
      this.context(channel),
    );
  }

  /** The end of the meta-alert, once something was delivered again; empty when none is open. */
  repaired(channel: string): AlertEvent[] {
    const words = {
      title: `Alert channel works again: ${channel}`,
      message: `A message was delivered through ${channel}.`,
      fields: { Channel: channel },
    };
    const fingerprint = fingerprintOf(channelBroken.condition, { channel });
    return decideResolve(
      this.ledger.state,
      fingerprint,
      words,
      'delivered',
      this.cause(),
      this.context(channel),
    );
  }

  private context(broken: string): DecisionContext {
    const routes = this.policy.routes.filter(({ name }) => name !== broken);
    return { ...this.policy, rules: [], routes, wallNow: this.wallClock.now() };
  }

  private cause(): Cause {
    const occurredAt = this.options.clock.now();
    return { id: this.nextId(occurredAt), occurredAt };
  }
}
