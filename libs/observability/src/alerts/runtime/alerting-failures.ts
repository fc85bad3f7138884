import { Injectable } from '@nestjs/common';
import type { Failure } from '../policy/settings';
import { ContainedLogger } from './contained-logger';

/** A part that goes on throwing is not logged again for so long (ms). */
const LOG_EVERY_MS = 60_000;

/** Counts and logs what throws in alerting and is passed over, and keeps what no decision has alerted on. */
@Injectable()
export class AlertingFailures {
  private readonly logger = new ContainedLogger('Alerts');
  private readonly counted = new Map<string, { count: number; loggedAt: number }>();
  private waiting = new Map<string, Failure>();

  /** The number of times that each part threw since the process started. */
  *counts(): Iterable<{ readonly part: string; readonly count: number }> {
    for (const [part, { count }] of this.counted) yield { part, count };
  }

  /** Something threw that the decision which it was part of has alerted on. */
  add(failures: readonly Failure[]): void {
    for (const { part, error } of failures) {
      const { count = 0, loggedAt = -Infinity } = this.counted.get(part) ?? {};
      const now = performance.now();
      const isLogged = now - loggedAt >= LOG_EVERY_MS;
      this.counted.set(part, { count: count + 1, loggedAt: isLogged ? now : loggedAt });
      if (isLogged) this.logger.error(`Alerting fails in ${part}, which is passed over: ${textOf(error)}`);
    }
  }

  /** Something threw outside of decisions: {@link take} hands it to the next one. */
  report(failure: Failure): void {
    this.add([failure]);
    this.waiting.set(failure.part, failure);
  }

  get areWaiting(): boolean {
    return this.waiting.size > 0;
  }

  /** Hands out, once, what is to be alerted on. */
  take(): readonly Failure[] {
    const failures = [...this.waiting.values()];
    this.waiting = new Map();
    return failures;
  }

  /** Takes back what could not be alerted on. */
  putBack(failures: readonly Failure[]): void {
    for (const failure of failures) this.waiting.set(failure.part, failure);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
