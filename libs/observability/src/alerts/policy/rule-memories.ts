import type { EpochMs, TradingEvent } from '@opensqt/trading-events';
import type { AlertRule, RuleMemory, RuleVerdict } from '../rules/alert-rule';
import { atOnce } from '../rules/at-once';

/** The times at which a rule is asked about at most, one after the other, where a process had been down. */
const MAX_STEPS = 1_000;

type MemoryRule = AlertRule & { readonly memory: RuleMemory<unknown> };

/** The memory of a rule, and when it has something else to say though nothing happens. */
interface Kept {
  readonly memory: unknown;
  readonly dueAt: EpochMs;
}

/** The memories of all rules at a position of the log. It does not change. */
export interface MemoriesState {
  readonly position: number;
  /** By condition. */
  readonly kept: ReadonlyMap<string, Kept>;
}

/** An answer of a rule with a memory. */
export interface Answer {
  readonly rule: AlertRule;
  /** The time that it was asked about. */
  readonly at: EpochMs;
  readonly verdicts: readonly RuleVerdict[];
  /** The error that it threw instead. */
  readonly error?: unknown;
}

/** Memories as data for JSON. */
export type EncodedMemories = Readonly<
  Record<string, { readonly version: number | string; readonly memory: unknown }>
>;

/** The memories of the rules that have one: folds them from the log, and asks the rules after each event and when time has passed. */
export class RuleMemories {
  private readonly rules: readonly MemoryRule[];
  private current: MemoriesState;

  constructor(rules: readonly AlertRule[]) {
    this.rules = rules.filter((rule): rule is MemoryRule => rule.memory !== undefined);
    this.current = this.initial();
  }

  get isEmpty(): boolean {
    return this.rules.length === 0;
  }

  /** The memories before anything has happened. */
  initial(): MemoriesState {
    const kept = this.rules.map(
      ({ condition, memory }) => [condition, { memory: memory.initial(), dueAt: Infinity }] as const,
    );
    return { position: 0, kept: new Map(kept) };
  }

  /** The memories now. */
  get state(): MemoriesState {
    return this.current;
  }

  /** Goes on from memories as they were. */
  resume(state: MemoriesState): void {
    this.current = state;
  }

  /** The first time at which some rule has something else to say. */
  next(): EpochMs {
    let next = Infinity;
    for (const { dueAt } of this.current.kept.values()) next = Math.min(next, dueAt);
    return next;
  }

  /** Folds the log's next event in, and asks nobody. A rule that throws keeps the memory that it had. */
  fold(position: number, event: TradingEvent): void {
    for (const rule of this.rules) {
      if (!rule.handles.includes(event.type)) continue;
      try {
        this.keep(rule, this.evolved(rule, event), Infinity);
      } catch {
        continue; // said where it is decided on
      }
    }
    this.current = { ...this.current, position };
  }

  /** Folds the log's next event in, and asks the rules that handle it. */
  answersTo(position: number, event: TradingEvent, now: EpochMs): readonly Answer[] {
    this.current = { ...this.current, position };
    const concerned = this.rules.filter(({ handles }) => handles.includes(event.type));
    return concerned.map((rule) =>
      this.asked(rule, now, () => {
        const memory = this.evolved(rule, event);
        this.keep(rule, memory, this.memoryOf(rule).dueAt);
        const verdicts = atOnce(rule.memory.decide(memory, now, event));
        this.keep(rule, memory, dueAfter(rule, memory, now));
        return verdicts;
      }),
    );
  }

  /** Asks the rules about each time that has come: what a process was down for is decided as if it had not been. */
  answersBy(now: EpochMs): readonly Answer[] {
    return this.rules.flatMap((rule) => {
      const answers: Answer[] = [];
      for (let at = this.memoryOf(rule).dueAt; at <= now; at = this.memoryOf(rule).dueAt) {
        answers.push(this.askedAt(rule, at, answers.length < MAX_STEPS ? at : now));
      }
      return answers;
    });
  }

  /** Looks again for the next time of each rule, as of then: after a restart, or when the clock was set back. */
  rebuild(after: EpochMs = -Infinity): readonly Answer[] {
    return this.rules.map((rule) =>
      this.asked(rule, after, () => {
        const { memory } = this.memoryOf(rule);
        this.keep(rule, memory, dueAfter(rule, memory, after));
        return [];
      }),
    );
  }

  encode({ kept }: MemoriesState): EncodedMemories {
    return Object.fromEntries(
      this.rules.map(({ condition, memory: { version } }) => [
        condition,
        { version, memory: kept.get(condition)?.memory },
      ]),
    );
  }

  /** @throws Error when a rule is new, or has a memory of another version */
  decode(encoded: EncodedMemories): MemoriesState {
    const kept = new Map<string, Kept>();
    for (const { condition, memory } of this.rules) {
      const found = Object.hasOwn(encoded, condition) ? encoded[condition] : undefined;
      if (found?.version !== memory.version)
        throw new Error(`it has no memory of ${condition} of version ${memory.version}`);
      kept.set(condition, { memory: found.memory, dueAt: Infinity });
    }
    return { position: 0, kept };
  }

  private askedAt(rule: MemoryRule, at: EpochMs, after: EpochMs): Answer {
    return this.asked(rule, at, () => {
      const { memory } = this.memoryOf(rule);
      this.keep(rule, memory, Infinity);
      const verdicts = atOnce(rule.memory.decide(memory, at));
      this.keep(rule, memory, dueAfter(rule, memory, after));
      return verdicts;
    });
  }

  private asked(rule: MemoryRule, at: EpochMs, ask: () => readonly RuleVerdict[]): Answer {
    try {
      return { rule, at, verdicts: ask() };
    } catch (error) {
      return { rule, at, verdicts: [], error };
    }
  }

  private evolved(rule: MemoryRule, event: TradingEvent): unknown {
    return atOnce(rule.memory.evolve(this.memoryOf(rule).memory, event));
  }

  private keep({ condition }: MemoryRule, memory: unknown, dueAt: EpochMs): void {
    const kept = new Map(this.current.kept).set(condition, { memory, dueAt });
    this.current = { ...this.current, kept };
  }

  private memoryOf({ condition }: MemoryRule): Kept {
    return this.current.kept.get(condition) ?? { memory: undefined, dueAt: Infinity };
  }
}

function dueAfter({ condition, memory: { due } }: MemoryRule, memory: unknown, after: EpochMs): EpochMs {
  const at = atOnce(due?.(memory, after)) ?? Infinity;
  if (at > after) return at;
  throw new Error(`${condition} is due at ${at}, which is not later than ${after}`);
}
