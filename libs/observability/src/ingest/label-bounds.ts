import { EVENT_CATALOGUE, EVENT_TYPES, type EventType, type AnyEvent } from '@opensqt/trading-events';
import type { Rejection } from '@opensqt/trading-events';

/** Distinct values that a label may take where the configuration names none: the most that a careless source can cost. */
const MAX_VALUES = 500;
const GLOBAL_SCOPE = 'global';

/** A field that is a label, and the values of it that were let through: fields of one name share them. */
interface LabelField {
  readonly field: string;
  readonly admitted: Set<string>;
}

/**
 * Keeps the number of series bounded: refuses an event that would bring a label value too many, or a symbol that the
 * configuration does not have.
 */
export class LabelBounds {
  private readonly labels: ReadonlyMap<EventType, readonly LabelField[]>;
  private readonly symbols: ReadonlySet<string> | undefined;

  /** @param symbols the only symbols there are; any, up to a bound, when absent */
  constructor(symbols?: readonly string[]) {
    this.symbols = symbols === undefined ? undefined : new Set(symbols);
    this.labels = labelFields();
  }

  /** The reason to refuse the event; undefined when its labels are within bounds. */
  check(event: AnyEvent): Rejection | undefined {
    const data = event.data as unknown as Readonly<Record<string, string>>;
    for (const { field, admitted } of this.labels.get(event.type) ?? []) {
      const value = data[field];
      if (value === undefined || admitted.has(value)) continue;
      if (this.isUnknownSymbol(field, value)) {
        const known = [...(this.symbols ?? [])].join(', ');
        const message = `Event ${event.type}: ${field} ${value} is not a configured symbol (${known}). Add it to symbols, or stop its source.`;
        return { type: event.type, reason: 'unknown_symbol', message };
      }
      if (admitted.size >= MAX_VALUES) {
        const message = `Event ${event.type}: ${field} ${value} would be label value number ${MAX_VALUES + 1}; it must be one of a bounded set.`;
        return { type: event.type, reason: 'too_many_labels', message };
      }
      admitted.add(value);
    }
    return undefined;
  }

  private isUnknownSymbol(field: string, value: string): boolean {
    if (this.symbols === undefined) return false;
    return (field === 'symbol' || (field === 'scope' && value !== GLOBAL_SCOPE)) && !this.symbols.has(value);
  }
}

function labelFields(): ReadonlyMap<EventType, readonly LabelField[]> {
  const admitted = new Map<string, Set<string>>();
  const labelField = (field: string): LabelField => {
    const values = admitted.get(field) ?? new Set<string>();
    admitted.set(field, values);
    return { field, admitted: values };
  };
  return new Map(
    EVENT_TYPES.map((type) => {
      const fields = Object.entries(EVENT_CATALOGUE[type].fields);
      return [type, fields.filter(([, rule]) => rule.kind === 'label').map(([field]) => labelField(field))];
    }),
  );
}
