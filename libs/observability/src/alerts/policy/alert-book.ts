import type { AlertEvent, EpochMs } from '@opensqt/trading-events';
import { evolveAlerts } from '../model/alert-fold';
import type { AlertsState } from '../model/alert-state';
import { DueTimes } from './due-times';
import type { PolicySettings } from './settings';

/** What decisions are made on: the state of a bot's alerts, and when something falls due in it. */
export class AlertBook {
  readonly due: DueTimes;

  /**
   * @param state belongs to the book from now on
   * @param channels the names of those in use
   */
  constructor(
    readonly state: AlertsState,
    settings: PolicySettings,
    channels: readonly string[],
    now: EpochMs,
  ) {
    this.due = new DueTimes(settings, channels);
    this.due.rebuild(state, now);
  }

  /** Folds an event in. */
  fold(event: AlertEvent): void {
    evolveAlerts(this.state, event);
    this.due.follow(this.state, event);
  }
}
