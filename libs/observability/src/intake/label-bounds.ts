import { EVENT_CATALOGUE, EVENT_TYPES, type EventType, type TradingEvent } from '@opensqt/trading-events';
import type { Rejection } from '@opensqt/trading-events';

/** Distinct values that a label may take where the configuration names none: what a careless source can cost at most. */
const MAX_VALUES = 500;
const GLOBAL_SCOPE = 'global';

const LABEL_FIELDS = new Map<EventType, readonly string[]>(
  EVENT_TYPES.map((type) => [
    type,
    Object.entries(EVENT_CATALOGUE[type].fields)
      .filter(([, rule]) => rule.kind === 'label')
      .map(([field]) => field),
  ]),
);

/**
 * Keeps the number of series bounded: refuses an event that would bring a label value too many, or a symbol that the
 * configuration does not have.
 */
export class LabelBounds {
  private readonly seen = new Map<string, Set<string>>();
  private readonly symbols: ReadonlySet<string> | undefined;

  /** @param symbols the only symbols there are; any, up to a bound, when absent */
  constructor(symbols?: readonly string[]) {
    this.symbols = symbols === undefined ? undefined : new Set(symbols);
  }

  /** Why the event is refused, or undefined when its labels are within bounds. */
  check(event: TradingEvent): Rejection | undefined {
    const data = event.data as unknown as Readonly<Record<string, string>>;
    for (const field of LABEL_FIELDS.get(event.type) ?? []) {
      const value = data[field];
      if (value === undefined) continue;
      if (this.isUnknownSymbol(field, value)) {
        const known = [...(this.symbols ?? [])].join(', ');
        const message = `Event ${event.type}: ${field} ${value} is not a configured symbol (${known}). Add it to symbols, or stop its source.`;
        return { type: event.type, reason: 'unknown_symbol', message };
      }
      if (!this.admits(field, value)) {
        const message = `Event ${event.type}: ${field} ${value} would be label value number ${MAX_VALUES + 1}; it must be one of a bounded set.`;
        return { type: event.type, reason: 'too_many_labels', message };
      }
    }
    return undefined;
  }

  private isUnknownSymbol(field: string, value: string): boolean {
    if (this.symbols === undefined) return false;
    return (field === 'symbol' || (field === 'scope' && value !== GLOBAL_SCOPE)) && !this.symbols.has(value);
  }

  private admits(field: string, value: string): boolean {
    let values = this.seen.get(field);
    if (values === undefined) this.seen.set(field, (values = new Set()));
    if (values.has(value)) return true;
    if (values.size >= MAX_VALUES) return false;
    values.add(value);
    return true;
  }
}
