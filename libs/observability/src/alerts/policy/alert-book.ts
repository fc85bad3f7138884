import type { AlertEvent, EpochMs } from '@opensqt/trading-events';
import { evolveAlerts } from '../model/alert-fold';
import type { AlertsState } from '../model/alerts.state';
import { DueTimes } from './due-times';
import type { PolicySettings } from './policy-settings';

/** The ground of decisions: the state of a bot's alerts, and when something falls due in it. */
export class AlertBook {
  readonly due: DueTimes;

  /**
   * @param state belongs to the book from now on
   * @param policy its channels are those in use
   */
  constructor(
    readonly state: AlertsState,
    policy: { readonly settings: PolicySettings; readonly channels: readonly { readonly name: string }[] },
    now: EpochMs,
  ) {
    const names = policy.channels.map(({ name }) => name);
    this.due = new DueTimes(policy.settings, names);
    this.due.rebuild(state, now);
  }

  /** Folds an event in. */
  fold(event: AlertEvent): void {
    evolveAlerts(this.state, event);
    this.due.follow(this.state, event);
  }
}
