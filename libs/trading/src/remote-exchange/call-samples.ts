import { type CallOutcome, type DataOf, EXCHANGE_CALL_BOUNDS } from '@opensqt/trading-events';

type Sample = Omit<DataOf<'exchange.sampled'>, 'exchange'>;

/** Calls that came back, counted by operation, outcome and duration until they are sampled. */
export class CallSamples {
  private readonly samples = new Map<string, Sample>();

  add(operation: string, outcome: CallOutcome, durationMs: number): void {
    const key = `${operation} ${outcome}`;
    const { calls, sumMs }: Pick<Sample, 'calls' | 'sumMs'> = this.samples.get(key) ?? {
      calls: {},
      sumMs: 0,
    };
    const bound = EXCHANGE_CALL_BOUNDS.find((each) => durationMs <= each) ?? Infinity;
    const counted = { ...calls, [bound]: (calls[bound] ?? 0) + 1 };
    this.samples.set(key, { operation, outcome, calls: counted, sumMs: sumMs + durationMs });
  }

  /** Gives what was counted, and begins anew. */
  drain(): readonly Sample[] {
    const drained = [...this.samples.values()];
    this.samples.clear();
    return drained;
  }
}
