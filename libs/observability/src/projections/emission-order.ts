import { EVENT_CATALOGUE, type TradingEvent } from '@opensqt/trading-events';

/** Beyond so many events that wait for the log, their order is given up: a disk that refuses must not eat the memory. */
const MAX_WAITING = 100_000;

/**
 * Remembers between which logged events the live ones happened. The log says when a logged event is committed; the live
 * ones, which it never holds, take their turn with it, so that a fold of both is the fold that was made as they happened.
 */
export class EmissionOrder {
  private waiting: TradingEvent[] = [];
  private next = 0;
  private readonly logged = new Set<string>();

  constructor(private readonly maxWaiting = MAX_WAITING) {}

  /** Takes in an event as it is emitted, before it is handed to the log. */
  emitted(event: TradingEvent): void {
    this.waiting.push(event);
    if (isLogged(event)) this.logged.add(event.id);
  }

  /** True when it is time for {@link giveUp}. */
  get isOverfull(): boolean {
    return this.waiting.length - this.next > this.maxWaiting;
  }

  /**
   * Folds the live events that came before a committed one. Logged ones before it that were never committed were refused by
   * the log and are not coming.
   */
  committed(event: TradingEvent, fold: (live: TradingEvent) => void): void {
    if (!this.logged.has(event.id)) return;
    for (let passed = this.take(); passed !== undefined; passed = this.take()) {
      if (passed.id === event.id) return;
      if (!isLogged(passed)) fold(passed);
    }
  }

  /** Folds the live events that wait for no logged one. */
  settled(fold: (event: TradingEvent) => void): void {
    for (let event = this.waiting[this.next]; event !== undefined; event = this.waiting[this.next]) {
      if (isLogged(event)) return;
      this.take();
      fold(event);
    }
  }

  /** Folds all live events now and forgets what they waited for. */
  giveUp(fold: (event: TradingEvent) => void): void {
    for (let event = this.take(); event !== undefined; event = this.take()) if (!isLogged(event)) fold(event);
  }

  private take(): TradingEvent | undefined {
    const event = this.waiting[this.next];
    if (event === undefined) return undefined;
    this.next += 1;
    if (isLogged(event)) this.logged.delete(event.id);
    if (this.next === this.waiting.length || this.next >= 4_096) {
      this.waiting = this.waiting.slice(this.next);
      this.next = 0;
    }
    return event;
  }
}

function isLogged(event: TradingEvent): boolean {
  return EVENT_CATALOGUE[event.type].kept === 'log';
}
