import type { EventType, Fact, FactOf } from '@opensqt/trading-events';

/**
 * A read model as a value: how a state follows from events. `evolve` is a function of its arguments alone; for speed it may
 * change the state that it is given and return it, since the state belongs to the fold.
 *
 * @example
 * const fills: Projection<{ count: number }, 'order.filled'> = {
 *   name: 'fills', version: 1, handles: ['order.filled'],
 *   initial: () => ({ count: 0 }),
 *   evolve: (state) => ({ count: state.count + 1 }),
 * };
 */
export interface Projection<State, Handled extends EventType = EventType> {
  readonly name: string;
  /** Changes whenever the state's shape or meaning does. */
  readonly version: number;
  /** The events that it reads; others are not given to it. */
  readonly handles: readonly Handled[];
  initial(): State;
  /** It folds facts: what an event says, without the ids that tell one from another. */
  evolve(state: State, event: FactOf<Handled>): State;
}

/** A projection with the state it has reached. */
export class ProjectedState<State> {
  private readonly handled: ReadonlySet<EventType>;
  private state: State;

  /** Nothing applied yet. */
  static of<State, Handled extends EventType>(projection: Projection<State, Handled>): ProjectedState<State> {
    return new ProjectedState(projection as unknown as Projection<State>);
  }

  private constructor(readonly projection: Projection<State>) {
    this.handled = new Set(projection.handles);
    this.state = projection.initial();
  }

  /** The state now. It goes on changing: copy what is to be kept. */
  get current(): State {
    return this.state;
  }

  /** Folds one event in, if the projection reads its type. */
  apply(event: Fact): void {
    if (this.handled.has(event.type)) this.state = this.projection.evolve(this.state, event);
  }
}

/** Injection token of the projections that follow events as they are emitted: `ProjectedState<unknown>[]`. */
export const LIVE_PROJECTIONS = Symbol('LIVE_PROJECTIONS');
