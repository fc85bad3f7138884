import type { AnyEvent } from '@opensqt/trading-events';
import type { CommittedProjections } from './committed-projections';
import type { KeptPart } from './live-state-store';
import type { ProjectedState } from './projection';

/** Takes what goes wrong, in words. */
interface ErrorLogger {
  error(message: string): void;
}

/** Hears every event of this process, once it is folded. Must not throw. */
export interface EventWitness {
  onEvent(event: AnyEvent): void;
}

/** The projections as of the last event that was emitted: what this process shows. */
export class LiveProjections {
  private readonly reported = new Set<string>();

  constructor(
    private readonly states: readonly ProjectedState<unknown>[],
    private readonly witnesses: readonly EventWitness[],
    private readonly logger: ErrorLogger,
  ) {}

  /** Folds an event. One projection that throws must not cost the others theirs, nor whoever emits. */
  fold(event: AnyEvent): void {
    for (const projected of this.states) {
      try {
        projected.apply(event);
      } catch (error) {
        const kind = `${projected.projection.name}:${event.type}`;
        if (this.reported.has(kind)) continue;
        this.reported.add(kind);
        this.logger.error(
          `The ${projected.projection.name} projection failed on ${event.type}; said once: ${String(error)}`,
        );
      }
    }
    for (const witness of this.witnesses) witness.onEvent(event);
  }

  /**
   * Begins with the state that the log led to.
   *
   * @param kept the parts that the last stop kept, if it was an orderly one; a part of another version of its projection is not used
   */
  resume(committed: CommittedProjections, kept: readonly KeptPart[]): void {
    for (const projected of this.states) {
      const { projection } = projected;
      const restored = (part?: KeptPart): unknown => {
        const state = committed.stateOf(projection);
        projection.live?.restore(state, part?.state);
        return state;
      };
      const part = kept.find(
        ({ name, version }) => name === projection.name && version === projection.version,
      );
      projected.resume(this.orWithoutPart(restored, part), committed.position);
    }
  }

  /** The parts that the log can't give. */
  liveParts(): readonly KeptPart[] {
    return this.states.flatMap(({ projection: { name, version, live }, current }) =>
      live === undefined ? [] : [{ name, version, state: live.encode(current) }],
    );
  }

  /** A part that can't be read may have been put in by half: the state is made anew without it. */
  private orWithoutPart(restored: (part?: KeptPart) => unknown, part: KeptPart | undefined): unknown {
    try {
      return restored(part);
    } catch (error) {
      this.logger.error(
        `What the last stop kept of ${part?.name ?? 'the state'} can't be read and begins at zero: ${String(error)}`,
      );
      return restored();
    }
  }
}
