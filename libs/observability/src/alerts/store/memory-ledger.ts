import type { AlertEvent, Clock, EpochMs } from '@opensqt/trading-events';
import { type AlertsState, initialAlerts } from '../model/alerts.state';
import { AlertBook } from '../policy/alert-book';
import { decide } from '../policy/decision';
import { SET_BACK_MS } from '../policy/decision-time';
import type { AlertPolicy, Failure, PolicyContext } from '../policy/settings';
import { type DeliveryLedger, LedgerListeners } from './delivery-ledger';

/** Alerts that are decided and delivered from memory alone, by the same decisions: those about the log itself. */
export class MemoryLedger extends LedgerListeners implements DeliveryLedger {
  private readonly book: AlertBook;
  /** The time of the last look for what is due. */
  private latest = -Infinity;

  /**
   * @param now the time that is decided for
   * @param onFailures called with the stages and rules that threw
   */
  constructor(
    private readonly policy: AlertPolicy,
    private readonly now: () => EpochMs,
    private readonly wallClock: Clock,
    private readonly onFailures: (failures: readonly Failure[]) => void,
  ) {
    super();
    this.book = new AlertBook(initialAlerts(), policy, now());
  }

  get state(): Readonly<AlertsState> {
    return this.book.state;
  }

  /** It is never dropped. */
  whole(): Promise<void> {
    return Promise.resolve();
  }

  /** The inputs of decisions, at this moment. */
  context(): PolicyContext {
    return { ...this.policy, now: this.now(), wallNow: this.wallClock.now() };
  }

  record(events: readonly AlertEvent[]): Promise<void> {
    for (const event of events) {
      this.book.fold(event);
      this.fold(event);
    }
    for (const event of events) this.take(decide(this.book, { what: 'stated', event }, this.context()));
    this.change();
    return Promise.resolve();
  }

  recordFact(events: readonly AlertEvent[]): Promise<void> {
    return this.record(events);
  }

  /** Decides what has fallen due. */
  decideDue(): void {
    const now = this.now();
    if (now < this.latest - SET_BACK_MS) this.book.due.rebuild(this.book.state, now); // the clock was set back
    this.latest = now;
    if (this.book.due.next() > now) return;
    this.take(decide(this.book, { what: 'due' }, this.context()));
    this.change();
  }

  private take({ events, failures }: ReturnType<typeof decide>): void {
    for (const event of events) this.fold(event);
    this.onFailures(failures);
  }
}
