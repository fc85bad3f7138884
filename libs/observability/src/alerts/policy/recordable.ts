import { type AlertEvent, Rejection, parseEvent } from '@opensqt/trading-events';
import type { Failure } from './settings';

/**
 * A decision as the log takes it: whole, or not at all. One that it would refuse is a failure of the part that it is from, so that it
 * keeps nothing else from being recorded.
 *
 * @param failures is added to
 */
export function recordable(facts: readonly AlertEvent[], failures: Failure[]): readonly AlertEvent[] {
  for (const fact of facts) {
    const parsed = parseEvent(fact);
    if (!(parsed instanceof Rejection)) continue;
    failures.push({ part: partOf(fact), error: new Error(parsed.message) });
    return [];
  }
  return facts;
}

function partOf({ type, data }: AlertEvent): string {
  return 'condition' in data ? data.condition : type;
}
