import type { Measure, RiskScope } from '@opensqt/trading-events';
import type { EventPublisher } from '../event-publisher';
import { type Severity, nextSeverity } from './limit';

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
  /** The value as it is told; only made when there is something to tell. */
  readonly value: () => Measure;
}

/** Limits that are told when they are exceeded, and keep orders from making it worse. */
export class SoftLimits {
  private readonly breached = new Map<string, BreachedLimit>();

  constructor(private readonly publisher: EventPublisher) {}

  /** Takes over what an earlier run left breached; the next measurement clears it or lets it be. */
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
