import type { Measure, RiskScope } from '@opensqt/trading-events';
import type { EventPublisher } from '../event-publisher';

/** The degree to which a limit is exceeded. */
export type Severity = 'warning' | 'error';

/** A limit that is breached, as an earlier run left it. */
export interface BreachedLimit {
  readonly scope: RiskScope;
  readonly limit: string;
  readonly threshold: Measure;
  readonly severity: Severity;
}

/** A measured value against its limit. */
export interface Measurement {
  readonly scope: RiskScope;
  readonly limit: string;
  /** Value ÷ threshold. */
  readonly ratio: number;
  /** True while a part of the value is not known: it may exceed the limit, but not clear it. @default false */
  readonly partial?: boolean;
  readonly threshold: Measure;
  /** The value as it is published; only made for an event. */
  readonly value: () => Measure;
  /** Currency of the value, where it is money whose currency is known. */
  readonly quoteAsset?: string | undefined;
}

/** Exceeded by half counts as an error. */
const ERROR_RATIO = 1.5;

/** Limits whose breaches are published, and keep orders from making them worse. */
export class SoftLimits {
  private readonly breached = new Map<string, BreachedLimit>();

  /** @param clearBelow part of its threshold below which a breach ends, so that a value at the limit does not flap */
  constructor(
    private readonly publisher: EventPublisher,
    private readonly clearBelow: number,
  ) {}

  /** Restores a breach that an earlier run left; the next measurement clears it or lets it be. */
  resume(limit: BreachedLimit): void {
    this.breached.set(keyOf(limit), limit);
  }

  /** Ends a breach that nothing will measure any more. */
  clear(limit: BreachedLimit): void {
    if (!this.breached.delete(keyOf(limit))) return;
    this.publisher.publish('risk.limit_cleared', { scope: limit.scope, limit: limit.limit });
  }

  isBreached(scope: RiskScope, limit: string): boolean {
    return this.breached.size > 0 && this.breached.has(keyOf({ scope, limit }));
  }

  measure(measurement: Measurement, causationId: string | undefined): void {
    const { scope, limit, ratio, partial, threshold, value, quoteAsset } = measurement;
    if (ratio < 1 && (partial === true || this.breached.size === 0)) return;
    const key = keyOf({ scope, limit });
    const current = this.breached.get(key)?.severity;
    const severity = nextSeverity(current, ratio, this.clearBelow);
    if (severity === current) return;
    const measured = { scope, limit, value: value(), threshold, ...(quoteAsset && { quoteAsset }) };
    if (severity === undefined) {
      this.breached.delete(key);
      this.publisher.publish('risk.limit_cleared', measured, causationId);
    } else {
      this.breached.set(key, { scope, limit, threshold, severity });
      this.publisher.publish('risk.limit_breached', { ...measured, severity }, causationId);
    }
  }
}

function keyOf({ scope, limit }: Pick<BreachedLimit, 'scope' | 'limit'>): string {
  return `${scope} ${limit}`;
}

/**
 * The state of a soft limit after a new measurement. A breach may grow worse; it gets better only by ending.
 *
 * @param ratio measured value ÷ threshold
 * @param clearBelow ratio below which a breach ends
 */
export function nextSeverity(
  current: Severity | undefined,
  ratio: number,
  clearBelow: number,
): Severity | undefined {
  if (ratio >= ERROR_RATIO) return 'error';
  if (ratio >= 1) return current ?? 'warning';
  return ratio < clearBelow ? undefined : current;
}
