import type { DurationMs, EpochMs, Measure, RiskScope } from '@opensqt/trading-events';
import type { EventPublisher } from '../event-publisher';
import type { CancelTask, MarketScheduler } from '../market/market-scheduler';

/** The scope that covers every symbol. */
export const GLOBAL_SCOPE: RiskScope = 'global';

/** The measurement that trips a breaker. */
export interface Trip {
  readonly scope: RiskScope;
  /** Reason code, such as `max_drawdown`. */
  readonly reason: string;
  readonly value: Measure;
  readonly threshold: Measure;
}

/** A breaker that an earlier run left open. */
export interface OpenBreaker {
  readonly scope: RiskScope;
  readonly reason: string;
  readonly resetsAt: EpochMs;
}

export interface CircuitBreakerListener {
  onTripped(trip: Trip, eventId: string): void;
  onReset(scope: RiskScope, reason: string): void;
}

/** Halts trading, of a symbol or of everything, until a cooldown has passed or an operator resets it. */
export class CircuitBreaker {
  private readonly open = new Map<RiskScope, { readonly reason: string; readonly cancelReset: CancelTask }>();
  private trips = 0;

  constructor(
    private readonly publisher: EventPublisher,
    private readonly scheduler: MarketScheduler,
    private readonly cooldownMs: DurationMs,
    private readonly listener: CircuitBreakerListener,
  ) {}

  get tripCount(): number {
    return this.trips;
  }

  /** True while trading in the symbol is halted, by its own breaker or the global one. */
  halts(symbol: string): boolean {
    return this.open.size > 0 && (this.open.has(GLOBAL_SCOPE) || this.open.has(symbol));
  }

  /** Opens the breaker, unless it is open already. */
  trip(trip: Trip, causationId: string | undefined): void {
    if (this.open.has(trip.scope)) return;
    this.trips++;
    this.hold(trip.scope, trip.reason, this.cooldownMs);
    const { id } = this.publisher.publish(
      'circuit_breaker.tripped',
      { ...trip, cooldownMs: this.cooldownMs },
      causationId,
    );
    this.listener.onTripped(trip, id);
  }

  /** Opens a breaker that an earlier run left open, for the rest of its cooldown. */
  resume({ scope, reason, resetsAt }: OpenBreaker): void {
    this.hold(scope, reason, Math.max(0, resetsAt - this.scheduler.now()));
  }

  /** Closes the breaker; false when it was not open. */
  reset(scope: RiskScope, by: 'cooldown' | 'operator'): boolean {
    const held = this.open.get(scope);
    if (held === undefined) return false;
    held.cancelReset();
    this.open.delete(scope);
    this.listener.onReset(scope, held.reason);
    this.publisher.publish('circuit_breaker.reset', { scope, by });
    return true;
  }

  private hold(scope: RiskScope, reason: string, forMs: DurationMs): void {
    const cancelReset = this.scheduler.after(forMs, () => this.reset(scope, 'cooldown'));
    this.open.set(scope, { reason, cancelReset });
  }
}
