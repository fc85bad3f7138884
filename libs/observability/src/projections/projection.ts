import { EVENT_TYPES, type EventType, type Fact, type FactOf } from '@opensqt/trading-events';
import { ReplayError } from './replay-error';

/**
 * A read model as a value: derives a state from events, and writes it down. `evolve` is a function of its
 * arguments alone; for speed it may change the state that it is given and return it, since the state belongs to the fold.
 *
 * @example
 * const fills: Projection<{ count: number }, 'order.filled'> = {
 *   name: 'fills', version: 1, handles: ['order.filled'],
 *   initial: () => ({ count: 0 }),
 *   evolve: (state) => ({ count: state.count + 1 }),
 *   ...codecOf<{ count: number }>({ count: asIs() }),
 * };
 */
export interface Projection<State, Handled extends EventType = EventType> {
  readonly name: string;
  /** Changes whenever the state's shape or meaning does: snapshots of another version are not used. */
  readonly version: number;
  /** The events that it reads; others are not given to it. */
  readonly handles: readonly Handled[];
  initial(): State;
  /**
   * Folds a fact: an event's content, without the ids that distinguish one event from another. Its position in the log is absent
   * where it is not committed yet.
   */
  readonly evolve: (state: State, event: FactOf<Handled>, position?: number) => State;
  /**
   * The state as data for JSON. A field may be an iterable: it is written as a list, an entry at a time, so that a large
   * state does not hold up the thread.
   */
  encode(state: State): Readonly<Record<string, unknown>>;
  /** The state again, from what JSON gave back. Throws when it can't be. */
  decode(encoded: Readonly<Record<string, unknown>>): State;
  /** Absent where the state follows from logged events alone. */
  readonly live?: LivePart<State>;
}

/**
 * The part of a state that the log can't give, because it follows from events that are never stored. An orderly stop keeps it.
 * After any other end it is unknown.
 */
export interface LivePart<State> {
  /** The part as data for JSON. */
  encode(state: State): unknown;
  /**
   * Puts the part into a state that was folded from the log. Without one, takes out of the state what may have changed unseen.
   * Throws when it can't be read.
   */
  restore(state: State, kept?: unknown): void;
}

/** The longest (ms) that an event is late: less than the hour by which a clock is set back. */
const MAX_LATE_MS = 1_800_000;

/** True when that is before the newest time there was. */
export function isBefore(at: number, newest: number | undefined): boolean {
  return newest !== undefined && at < newest;
}

/**
 * True for the time of an event that is late: what came before it happened after it. One that is older by more than half an hour is not: the newest
 * was misdated, or the clock was ahead and was set back.
 */
export function isLate(at: number, newest: number | undefined): boolean {
  return newest !== undefined && at < newest && newest - at <= MAX_LATE_MS;
}

/** Any projection, where it matters only that there is one. */
export interface AnyProjection extends Pick<
  Projection<unknown>,
  'name' | 'version' | 'handles' | 'initial' | 'decode'
> {
  evolve(state: never, event: never, position?: number): unknown;
  encode(state: never): Readonly<Record<string, unknown>>;
}

/** A log record's position, its bot and the fact that it holds. */
export interface LoggedFact {
  readonly position: number;
  readonly bot: string;
  readonly event: Fact;
}

/** A projection with the state it has reached. */
export class ProjectedState<State> {
  /** Undefined when it reads every type: what is read by the most events need not be asked each time. */
  private readonly handled: ReadonlySet<EventType> | undefined;
  private state: State;
  private folded = 0;

  /** Nothing folded yet. */
  static of<State, Handled extends EventType>(projection: Projection<State, Handled>): ProjectedState<State> {
    return new ProjectedState(projection as unknown as Projection<State>);
  }

  private constructor(readonly projection: Projection<State>) {
    this.handled = projection.handles === EVENT_TYPES ? undefined : new Set(projection.handles);
    this.state = projection.initial();
  }

  /** The state now. It goes on changing: copy what is to be kept. */
  get current(): State {
    return this.state;
  }

  /** The last position of the log that {@link foldLogged} has folded in, or that {@link resume} began with. */
  get position(): number {
    return this.folded;
  }

  /** Folds one event in, if the projection reads its type. */
  apply(event: Fact, position?: number): void {
    if (this.handled?.has(event.type) !== false)
      this.state = this.projection.evolve(this.state, event, position);
  }

  /**
   * Folds the log's next event in. One that it has already is skipped; of another bot's, the position is all that counts.
   *
   * @param own the bot that the state is of
   * @throws ReplayError `LOG_GAP` when events are missing before it
   */
  foldLogged({ position, bot, event }: LoggedFact, own: string): void {
    if (position <= this.folded) return;
    if (position !== this.folded + 1) throw ReplayError.gap(this.projection.name, this.folded, position);
    this.folded = position;
    if (bot === own) this.apply(event, position);
  }

  /** Goes on from a state that contains the log up to `position`. */
  resume(state: State, position: number): void {
    this.state = state;
    this.folded = position;
  }
}
