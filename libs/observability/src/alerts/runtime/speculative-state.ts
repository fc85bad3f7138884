import type { LogRecord } from '@opensqt/event-log';
import type { AlertEvent } from '@opensqt/trading-events';
import { copiedState } from '../../projections/state-text';
import { alertsProjection, isAlertEvent } from '../model/alerts.projection';
import type { AlertsState } from '../model/alerts.state';

interface Ahead {
  readonly event: AlertEvent;
  /** The log's end once it was written: a record beyond it says that the log held the event before and skipped it. */
  readonly through: number | undefined;
}

/**
 * The alerts' state as it will be once everything that this process has decided is in the log: what the log says, and on top of it
 * the events that have not come back from there. Others may record something in between; then it is put together anew, in the
 * order of the log, so that whoever folds the log later comes to the same state.
 */
export class SpeculativeState {
  private current: AlertsState;
  private readonly ahead = new Map<string, Ahead>();
  private confirmed: AlertsState | undefined;
  private stale = false;

  /**
   * @param since the position that `state` belongs to; it is this object's from now on
   * @param shared whether others record alert events too; where they don't, the log says nothing new
   */
  constructor(
    state: AlertsState,
    private readonly since: number,
    shared: boolean,
  ) {
    this.current = state;
    this.confirmed = shared ? copiedState(alertsProjection, state) : undefined;
  }

  get state(): AlertsState {
    if (this.stale && this.confirmed !== undefined) {
      let anew = copiedState(alertsProjection, this.confirmed);
      for (const { event } of this.ahead.values()) anew = alertsProjection.evolve(anew, event);
      this.current = anew;
    }
    this.stale = false;
    return this.current;
  }

  /** Takes in an event of this process before it is written. */
  speculate(event: AlertEvent): void {
    this.current = alertsProjection.evolve(this.state, event);
    if (this.confirmed !== undefined) this.ahead.set(event.id, { event, through: undefined });
  }

  /** The events are in the log, up to that position at the latest. */
  written(events: readonly AlertEvent[], through: number): void {
    for (const event of events) if (this.ahead.has(event.id)) this.ahead.set(event.id, { event, through });
  }

  /** The events could not be written and did not happen. */
  withdraw(events: readonly AlertEvent[]): void {
    for (const { id } of events) if (this.ahead.delete(id)) this.stale = true;
  }

  /**
   * Takes in what the log says next.
   *
   * @returns the event, if somebody else recorded it
   */
  follow({ position, event }: LogRecord): AlertEvent | undefined {
    if (this.confirmed === undefined || position <= this.since) return undefined;
    this.dropSkipped(position);
    if (!isAlertEvent(event)) return undefined;
    this.confirmed = alertsProjection.evolve(this.confirmed, event);
    const [next] = this.ahead.keys();
    const own = this.ahead.delete(event.id);
    if (next === event.id) return undefined;
    if (next === undefined && !this.stale) this.current = alertsProjection.evolve(this.current, event);
    else this.stale = true;
    return own ? undefined : event;
  }

  private dropSkipped(position: number): void {
    for (const [id, { through }] of this.ahead) {
      if (through === undefined || through >= position) return;
      this.ahead.delete(id);
      this.stale = true;
    }
  }
}
