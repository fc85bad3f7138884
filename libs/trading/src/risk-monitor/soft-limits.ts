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
  readonly threshold: Measure;
  /** The value as it is published; only made for an event. */
  readonly value: () => Measure;
}

/** Exceeded by half counts as an error. */
const ERROR_RATIO = 1.5;
/** A breach ends only below this, so that a value at the limit does not flap. */
const CLEAR_RATIO = 0.9;

/** Limits whose breaches are published, and keep orders from making them worse. */
export class SoftLimits {
  private readonly breached = new Map<string, BreachedLimit>();

  constructor(private readonly publisher: EventPublisher) {}

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

  measure({ scope, limit, ratio, threshold, value }: Measurement, causationId: string | undefined): void {
    if (ratio < 1 && this.breached.size === 0) return;
    const key = keyOf({ scope, limit });
    const current = this.breached.get(key)?.severity;
    const severity = nextSeverity(current, ratio);
    if (severity === current) return;
    if (severity === undefined) {
      this.breached.delete(key);
      this.publisher.publish('risk.limit_cleared', { scope, limit, value: value(), threshold }, causationId);
    } else {
      this.breached.set(key, { scope, limit, threshold, severity });
      const data = { scope, limit, value: value(), threshold, severity };
      this.publisher.publish('risk.limit_breached', data, causationId);
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
 */
export function nextSeverity(current: Severity | undefined, ratio: number): Severity | undefined {
  if (ratio >= ERROR_RATIO) return 'error';
  if (ratio >= 1) return current ?? 'warning';
  return ratio < CLEAR_RATIO ? undefined : current;
}
