import type { AlertEvent, EpochMs } from '@opensqt/trading-events';
import type { ResolvedAlerts } from '../../options/alerts.options';
import type { AlertsState } from '../model/alerts.state';
import { nextDueAt } from './decide-by-time';

/**
 * The next time at which something falls due by itself, without looking at every open alert each time it is asked: a time before which
 * nothing does, moved forward by a look at the state only once it has come.
 */
export class NextDue {
  private notBefore = -Infinity;

  constructor(private readonly settings: ResolvedAlerts) {}

  /** Folds in an event that the state has folded in. */
  fold(event: AlertEvent): void {
    this.notBefore = Math.min(this.notBefore, dueAfter(event, this.settings));
  }

  /** True when something is due by then. */
  isDue(state: AlertsState, now: EpochMs): boolean {
    if (now < this.notBefore) return false;
    this.notBefore = nextDueAt(state, this.settings);
    return this.notBefore <= now;
  }
}

/** The earliest that something can fall due because of an event; Infinity when nothing does. */
function dueAfter(event: AlertEvent, { groupWindow }: ResolvedAlerts): EpochMs {
  switch (event.type) {
    case 'alert.raised':
      return event.data.escalatesAt ?? Infinity;
    case 'alert.suppressed':
      return (
        event.data.until ?? (event.data.reason === 'grouped' ? event.occurredAt + groupWindow : Infinity)
      );
    case 'silence.created':
      return event.data.until;
    case 'alert.escalated':
    case 'alert.acknowledged':
    case 'alert.resolved':
    case 'silence.expired':
    case 'summary.closed':
    case 'delivery.requested':
    case 'delivery.started':
    case 'delivery.succeeded':
    case 'delivery.failed':
    case 'delivery.abandoned':
      return Infinity;
  }
}
