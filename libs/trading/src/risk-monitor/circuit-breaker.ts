import type { DataOf, DurationMs, EpochMs, Measure, RiskScope } from '@opensqt/trading-events';
import type { EventPublisher } from '../event-publisher';
import type { CancelTask, MarketScheduler } from '../market/market-scheduler';

/** The scope that covers every symbol. */
export const GLOBAL_SCOPE: RiskScope = 'global';

/** True where what concerns the scope concerns the symbol. */
export function covers(scope: RiskScope, symbol: string): boolean {
  return scope === GLOBAL_SCOPE || scope === symbol;
}

/** Breakers that an event names: far fewer than an event's entries. */
const MAX_STATED = 100;

/** The measurement that trips a breaker. */
export interface Trip {
  readonly scope: RiskScope;
  /** Reason code, such as `max_drawdown`. */
  readonly reason: string;
  readonly value: Measure;
  readonly threshold: Measure;
}

/** The halted scope as the trip finds it: what is held, and what is done. */
export type HaltedScope = Omit<DataOf<'circuit_breaker.tripped'>, keyof Trip | 'cooldownMs'>;

/** The person, or cooldown, that resets a breaker, and the reason. */
export interface BreakerReset {
  /** `cooldown`, or the operator's name. */
  readonly by: string;
  readonly reason?: string | undefined;
}

/** A breaker that an earlier run left open. */
export interface OpenBreaker {
  readonly scope: RiskScope;
  readonly reason: string;
  readonly resetsAt: EpochMs;
}

export interface CircuitBreakerListener {
  /** The scope's state, for the event that says that it is halted. */
  describe(scope: RiskScope): HaltedScope;
  onTripped(scope: RiskScope, eventId: string): void;
  onReset(scope: RiskScope): void;
}

/** Halts trading, of a symbol or of everything, until a cooldown has passed or an operator resets it. */
export class CircuitBreaker {
  /** By scope, the reset that is due and its time. */
  private readonly open = new Map<RiskScope, { readonly cancel: CancelTask; readonly resetsAt: EpochMs }>();
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

  /** The scopes in which trading is halted. */
  get tripped(): readonly RiskScope[] {
    return [...this.open.keys()];
  }

  /** True while trading in the symbol is halted, by its own breaker or the global one. */
  halts(symbol: string): boolean {
    return this.open.size > 0 && (this.open.has(GLOBAL_SCOPE) || this.open.has(symbol));
  }

  /** Opens the breaker, unless it is open already. */
  trip(trip: Trip, causationId: string | undefined): void {
    if (this.open.has(trip.scope)) return;
    this.trips++;
    this.hold(trip.scope, this.cooldownMs);
    const { id } = this.publisher.publish(
      'circuit_breaker.tripped',
      { ...trip, cooldownMs: this.cooldownMs, ...this.listener.describe(trip.scope) },
      causationId,
    );
    this.listener.onTripped(trip.scope, id);
  }

  /** Opens a breaker that an earlier run left open, for the rest of its cooldown. */
  resume({ scope, resetsAt }: OpenBreaker): void {
    this.hold(scope, Math.max(0, resetsAt - this.scheduler.now()));
  }

  /** Closes the breaker; false when it was not open. */
  reset(scope: RiskScope, { by, reason }: BreakerReset): boolean {
    const breaker = this.open.get(scope);
    if (breaker === undefined) return false;
    breaker.cancel();
    this.open.delete(scope);
    this.listener.onReset(scope);
    const data = { scope, by, ...(reason === undefined ? {} : { reason }), ...this.stillTripped(scope) };
    this.publisher.publish('circuit_breaker.reset', data);
    return true;
  }

  /** The breakers that still halt some of what that scope's had halted. */
  private stillTripped(scope: RiskScope): Pick<DataOf<'circuit_breaker.reset'>, 'stillTripped'> {
    const others = [...this.open].filter(([other]) => scope === GLOBAL_SCOPE || other === GLOBAL_SCOPE);
    if (others.length === 0) return {};
    const latest = others.slice(-MAX_STATED).map(([other, { resetsAt }]) => [other, resetsAt] as const);
    return { stillTripped: Object.fromEntries(latest) };
  }

  private hold(scope: RiskScope, forMs: DurationMs): void {
    const cancel = this.scheduler.after(forMs, () => this.reset(scope, { by: 'cooldown' }));
    this.open.set(scope, { cancel, resetsAt: this.scheduler.now() + forMs });
  }
}
